// SPDX-License-Identifier: GPL-2.0
#include "pattern.h"

#include <string.h>

#define GOLDEN	0x9e3779b97f4a7c15ull
#define ODD	0xd1342543de82ef95ull

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
	value = (value ^ value >> 27) * 0x94d049bb133111ebull;
	return value ^ value >> 31;
}

uint64_t pattern_random(uint64_t *state)
{
	*state += GOLDEN;
	return mix(*state);
}

static uint64_t first_word(const struct pattern *pattern)
{
	return mix(mix(mix(pattern->seed + GOLDEN) + pattern->block) + pattern->generation);
}

/* One addition a word keeps this cheap under emulation; memcpy because data may be misaligned. */
void pattern_fill(void *data, size_t length, const struct pattern *pattern)
{
	uint64_t word = first_word(pattern);
	char *at = data;

	for (size_t done = 0; done < length; done += sizeof(word)) {
		memcpy(at + done, &word, sizeof(word));
		word += ODD;
	}
}

bool pattern_matches(const void *data, size_t length, const struct pattern *pattern)
{
	uint64_t word = first_word(pattern);
	uint64_t difference = 0;
	uint64_t found;
	const char *at = data;

	for (size_t done = 0; done < length; done += sizeof(word)) {
		memcpy(&found, at + done, sizeof(found));
		difference |= found ^ word;
		word += ODD;
	}
	return !difference;
}
