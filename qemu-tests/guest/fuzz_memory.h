/* SPDX-License-Identifier: GPL-2.0 */
/* Memory to hand to the kernel, good and bad, and random numbers. */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUZZ_BUFFER	0x100000u
#define FUZZ_PIECES	1100u
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))

uint64_t fuzz_random(uint64_t *state);
uint64_t fuzz_below(uint64_t *state, uint64_t limit);

void fuzz_memory_prepare(void);
/* Of FUZZ_BUFFER bytes, to read and write. */
char *fuzz_good_buffer(void);
/* Often nowhere, the kernel's, read-only, misaligned, or ending too soon. */
uint64_t fuzz_address(uint64_t *state);
uint32_t fuzz_length(uint64_t *state);
/* A list of FUZZ_PIECES pieces of random memory, as programs of 64 or 32 bits have it. */
void *fuzz_pieces(uint64_t *state, bool compat);
/* Where @bytes of @what lie, or nowhere, or where they can only be read, or do not end. */
void *fuzz_place(uint64_t *state, const void *what, size_t bytes);

/*
 * By another thread, while the kernel reads what was placed: data, pieces and what of a command
 * does not decide who may send it or what it is for.
 */
void fuzz_change_memory(uint64_t *state);
void fuzz_change_command(uint64_t *state, volatile char *command);

#endif
