/* SPDX-License-Identifier: GPL-2.0 */
/* Memory to hand to the kernel, good and bad, and random numbers. */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

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
/* FUZZ_PIECES pieces of random memory. */
struct iovec *fuzz_pieces(uint64_t *state);
/* Where @bytes of @what lie, or nowhere, or where they can only be read, or do not end. */
void *fuzz_place(uint64_t *state, const void *what, size_t bytes);

#endif
