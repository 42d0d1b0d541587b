/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data that names itself: what a block holds follows from (seed, block, generation) alone, so a
 * block that is stale, misplaced or torn is told from the right one without keeping a copy.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pattern {
	uint64_t seed;
	uint64_t block;
	uint32_t generation;
};

/* length is a multiple of 8; data is aligned to 4 at least. */
void pattern_fill(void *data, size_t length, const struct pattern *pattern);
bool pattern_matches(const void *data, size_t length, const struct pattern *pattern);

/* A small generator of its own: the same seed makes the same run on every C library. */
uint64_t pattern_random(uint64_t *state);

#endif
