// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "fuzz_memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "tool.h"

#define PAGE	4096u

static char *good;		/* FUZZ_BUFFER bytes */
static char *last_page;		/* behind it nothing can be read */
static char *read_only;		/* a page */

/* splitmix64: every seed is a good one. */
uint64_t fuzz_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

uint64_t fuzz_below(uint64_t *state, uint64_t limit)
{
	return fuzz_random(state) % limit;
}

static char *map(size_t bytes)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	if (memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "no memory: %s", strerror(errno));
	return memory;
}

void fuzz_memory_prepare(void)
{
	good = map(FUZZ_BUFFER);
	last_page = map(2 * PAGE);
	read_only = map(PAGE);
	/* Not unmapped: something else would be mapped there, and written to. */
	if (mprotect(last_page + PAGE, PAGE, PROT_NONE) || mprotect(read_only, PAGE, PROT_READ))
		tool_die(TOOL_FAILED, "memory cannot be prepared: %s", strerror(errno));
}

char *fuzz_good_buffer(void)
{
	return good;
}

/* Where nobody may read or write. */
static uint64_t bad_address(uint64_t *state)
{
	static const uint64_t table[] = {
		0, 0x10,
		0xffff888000000000ull,	/* the kernel's own memory */
		0xffffffffff600000ull,
		0x8000000000000000ull,	/* no address at all */
		0x7ffffffff000ull,	/* the last page below the kernel's */
	};

	return table[fuzz_below(state, ARRAY_SIZE(table))];
}

uint64_t fuzz_address(uint64_t *state)
{
	switch (fuzz_below(state, 16)) {
	case 0:
	case 1:
		return bad_address(state);
	case 2:
		return (uintptr_t)read_only;
	case 3:
		return (uintptr_t)last_page + PAGE - fuzz_below(state, 600);
	case 4:
		return (uintptr_t)good + fuzz_below(state, PAGE);
	case 5:
		return (uintptr_t)good + 4 * fuzz_below(state, PAGE / 4);
	default:
		return (uintptr_t)good;
	}
}

uint32_t fuzz_length(uint64_t *state)
{
	static const uint32_t table[] = {
		0, 1, 3, 4, 8, 16, 511, 512, 513, 4095, 4096, 4097, 8192, 64 << 10, 128 << 10,
		512 << 10, (512 << 10) + 512, FUZZ_BUFFER, 32 << 20, 0x7fffffff, 0x80000000,
		0xfffff000, 0xffffffff,
	};

	if (!fuzz_below(state, 8))
		return fuzz_random(state);
	return table[fuzz_below(state, ARRAY_SIZE(table))];
}

struct iovec *fuzz_pieces(uint64_t *state)
{
	static struct iovec pieces[FUZZ_PIECES];

	for (unsigned int i = 0; i < FUZZ_PIECES; i++) {
		pieces[i].iov_base = fuzz_below(state, 4) ? good : (void *)fuzz_address(state);
		pieces[i].iov_len = fuzz_below(state, 16) ? 4 * fuzz_below(state, 256) :
							    fuzz_length(state);
	}
	return pieces;
}

void *fuzz_place(uint64_t *state, const void *what, size_t bytes)
{
	static char elsewhere[PAGE];

	switch (fuzz_below(state, 24)) {
	case 0:
		/* Never where something else lies, which would be a command that nobody chose. */
		return (void *)bad_address(state);
	case 1:
		/* What can be read cannot be answered to. */
		if (mprotect(read_only, PAGE, PROT_READ | PROT_WRITE))
			break;
		memcpy(read_only, what, bytes);
		return mprotect(read_only, PAGE, PROT_READ) ? NULL : read_only;
	case 2:
		bytes = fuzz_below(state, bytes);
		memcpy(last_page + PAGE - bytes, what, bytes);
		return last_page + PAGE - bytes;
	default:
		break;
	}
	return memcpy(elsewhere + (fuzz_below(state, 8) ? 0 : fuzz_below(state, 64)), what, bytes);
}
