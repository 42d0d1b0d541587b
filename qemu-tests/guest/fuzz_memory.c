// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "fuzz_memory.h"

#include <errno.h>
#include <linux/nvme_ioctl.h>
#include <string.h>
#include <sys/mman.h>

#include "compat.h"
#include "tool.h"

#define PAGE	4096u

static char *good;		/* FUZZ_BUFFER bytes */
static char *last_page;		/* behind it nothing can be read */
static char *read_only;		/* a page */
static char *placed;		/* a page, with a command at its beginning */
static char *misplaced;		/* a page, with one anywhere */
static struct iovec *pieces;
static struct compat_piece *compat_pieces;

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

static void *map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "no memory: %s", strerror(errno));
	return memory;
}

void fuzz_memory_prepare(void)
{
	good = map(FUZZ_BUFFER);
	last_page = map(2 * PAGE);
	read_only = map(PAGE);
	placed = map(PAGE);
	misplaced = map(PAGE);
	pieces = map(FUZZ_PIECES * sizeof(*pieces));
	compat_pieces = map(FUZZ_PIECES * sizeof(*compat_pieces));
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

static struct iovec random_piece(uint64_t *state)
{
	return (struct iovec){
		.iov_base = fuzz_below(state, 4) ? good : (void *)fuzz_address(state),
		.iov_len = fuzz_below(state, 16) ? 4 * fuzz_below(state, 256) : fuzz_length(state),
	};
}

void *fuzz_pieces(uint64_t *state, bool compat)
{
	for (unsigned int i = 0; i < FUZZ_PIECES; i++) {
		pieces[i] = random_piece(state);
		compat_pieces[i] = compat_piece(&pieces[i]);
	}
	return compat ? (void *)compat_pieces : pieces;
}

void *fuzz_place(uint64_t *state, const void *what, size_t bytes)
{
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
	case 3:
	case 4:
		return memcpy(misplaced + fuzz_below(state, 64), what, bytes);
	default:
		break;
	}
	return memcpy(placed, what, bytes);
}

/* There and back: what stays changed would seldom be a command that is sent. */
static void flip(volatile uint32_t *word, uint32_t value)
{
	const uint32_t was = *word;

	*word = value;
	*word = was;
}

void fuzz_change_command(uint64_t *state, volatile char *command)
{
	/* Of those that a struct nvme_user_io has there, none decides either. */
	static const uint8_t words[] = {
		offsetof(struct nvme_passthru_cmd64, addr),
		offsetof(struct nvme_passthru_cmd64, metadata_len),
		offsetof(struct nvme_passthru_cmd64, data_len),
		offsetof(struct nvme_passthru_cmd64, data_len),
		offsetof(struct nvme_passthru_cmd64, cdw12),
		offsetof(struct nvme_passthru_cmd64, cdw12),
		offsetof(struct nvme_passthru_cmd64, cdw14),
	};

	flip((volatile uint32_t *)(command + words[fuzz_below(state, ARRAY_SIZE(words))]),
	     fuzz_below(state, 2) ? fuzz_length(state) : fuzz_random(state));
}

void fuzz_change_memory(uint64_t *state)
{
	const unsigned int i = fuzz_below(state, FUZZ_PIECES);

	switch (fuzz_below(state, 4)) {
	case 0:
		good[fuzz_below(state, FUZZ_BUFFER)] = fuzz_random(state);
		break;
	case 1:
		/* Absent: the next access makes it anew. */
		madvise(good + PAGE * fuzz_below(state, FUZZ_BUFFER / PAGE), PAGE, MADV_DONTNEED);
		break;
	case 2:
		pieces[i] = random_piece(state);
		compat_pieces[i] = compat_piece(&pieces[i]);
		break;
	default:
		fuzz_change_command(state, placed);
		break;
	}
}
