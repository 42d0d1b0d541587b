/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of one request. Which commands a driver builds depends on where in a page the data
 * begins, how many pages it has and whether they are neighbours, so all of it varies here.
 */
#ifndef IO_BUFFER_H
#define IO_BUFFER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#define IO_BUFFER_PIECES	4

struct io_buffer {
	char *memory;
	struct iovec pieces[IO_BUFFER_PIECES];
	unsigned int count;
};

/* shuffled: neighbouring pages of the buffer are not neighbours in physical memory. */
void io_buffer_allocate(struct io_buffer *buffer, uint32_t maximum, bool huge, bool shuffled,
			uint64_t *random);

/* Lays out blocks * block bytes as one or more pieces, each beginning anywhere in a page. */
void io_buffer_lay_out(struct io_buffer *buffer, uint32_t blocks, uint32_t block,
		       uint32_t alignment, bool split, uint64_t *random);

/* The piece of memory of the number-th block. */
char *io_buffer_block(const struct io_buffer *buffer, uint32_t number, uint32_t block);

#endif
