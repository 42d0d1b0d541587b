// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "io_buffer.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pattern.h"
#include "tool.h"

#define PAGE		4096u
#define HUGE_PAGE	(2u << 20)

/* Pages get their memory when first touched: touched in random order, neighbours are apart. */
static void touch_shuffled(char *memory, uint32_t pages, uint64_t *random)
{
	uint32_t *order = malloc(pages * sizeof(*order));

	if (!order)
		tool_die(TOOL_FAILED, "out of memory");
	for (uint32_t i = 0; i < pages; i++) {
		uint32_t other = (uint32_t)(pattern_random(random) % (i + 1));

		order[i] = order[other];
		order[other] = i;
	}
	for (uint32_t i = 0; i < pages; i++)
		memory[(size_t)order[i] * PAGE] = 1;
	free(order);
}

void io_buffer_allocate(struct io_buffer *buffer, uint32_t maximum, bool huge, bool shuffled,
			uint64_t *random)
{
	/* Every piece may waste the rest of a page before it and begin late in its first one. */
	size_t length = maximum + (size_t)IO_BUFFER_PIECES * 2 * PAGE;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (huge ? MAP_HUGETLB : 0);

	length = (length + HUGE_PAGE - 1) & ~((size_t)HUGE_PAGE - 1);
	buffer->memory = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (buffer->memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "%zu bytes of %spages: %s", length, huge ? "huge " : "",
			 strerror(errno));
	if (huge) {
		memset(buffer->memory, 1, length);
		return;
	}
	madvise(buffer->memory, length, MADV_NOHUGEPAGE);
	if (shuffled)
		touch_shuffled(buffer->memory, (uint32_t)(length / PAGE), random);
}

static size_t offset_in_page(uint32_t alignment, uint64_t *random)
{
	/* Half of all buffers begin with their page, like most buffers in life. */
	if (pattern_random(random) & 1)
		return 0;
	return pattern_random(random) % (PAGE / alignment) * alignment;
}

static uint32_t piece_blocks(uint32_t left, bool last, uint64_t *random)
{
	if (last || left == 1)
		return left;
	return 1 + (uint32_t)(pattern_random(random) % left);
}

void io_buffer_lay_out(struct io_buffer *buffer, uint32_t blocks, uint32_t block,
		       uint32_t alignment, bool split, uint64_t *random)
{
	unsigned int most = split && !(pattern_random(random) & 3) ? IO_BUFFER_PIECES : 1;
	size_t at = 0;

	buffer->count = 0;
	while (blocks) {
		struct iovec *piece = &buffer->pieces[buffer->count++];
		uint32_t now = piece_blocks(blocks, buffer->count == most, random);

		at += offset_in_page(alignment, random);
		piece->iov_base = buffer->memory + at;
		piece->iov_len = (size_t)now * block;
		at = (at + piece->iov_len + PAGE - 1) & ~(size_t)(PAGE - 1);
		blocks -= now;
	}
}

char *io_buffer_block(const struct io_buffer *buffer, uint32_t number, uint32_t block)
{
	size_t offset = (size_t)number * block;
	const struct iovec *piece = buffer->pieces;

	while (offset >= piece->iov_len)
		offset -= piece++->iov_len;
	return (char *)piece->iov_base + offset;
}
