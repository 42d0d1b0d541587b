/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring by bare system calls: as much of it as a load generator needs. */
#ifndef RING_H
#define RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct ring {
	int fd;
	unsigned int queued;		/* prepared and not yet told to the kernel */
	unsigned int *sq_tail;
	unsigned int *sq_mask;
	unsigned int *sq_array;
	struct io_uring_sqe *sqes;
	unsigned int *cq_head;
	unsigned int *cq_tail;
	unsigned int *cq_mask;
	struct io_uring_cqe *cqes;
};

struct ring_request {
	int fd;
	bool write;
	bool dsync;
	uint64_t offset;
	const struct iovec *vector;	/* must stay in place until completion */
	unsigned int count;
	uint64_t cookie;
};

void ring_open(struct ring *ring, unsigned int depth);
void ring_queue(struct ring *ring, const struct ring_request *request);

/* Submits what is queued and waits until at least one completion is there. */
void ring_enter(struct ring *ring);
bool ring_reap(struct ring *ring, uint64_t *cookie, int *result);

#endif
