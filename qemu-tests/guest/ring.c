// SPDX-License-Identifier: GPL-2.0
#include "ring.h"

#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

static char *map(int fd, size_t length, off_t what)
{
	char *base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			  what);

	if (base == MAP_FAILED)
		tool_die(TOOL_FAILED, "mapping the io_uring: %s", strerror(errno));
	return base;
}

void ring_open(struct ring *ring, unsigned int depth)
{
	struct io_uring_params params = { 0 };
	char *sq;
	char *cq;

	memset(ring, 0, sizeof(*ring));
	ring->fd = (int)syscall(__NR_io_uring_setup, depth, &params);
	if (ring->fd < 0)
		tool_die(TOOL_FAILED, "io_uring_setup: %s", strerror(errno));

	sq = map(ring->fd, params.sq_off.array + params.sq_entries * sizeof(unsigned int),
		 IORING_OFF_SQ_RING);
	cq = map(ring->fd, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe),
		 IORING_OFF_CQ_RING);
	ring->sqes = (struct io_uring_sqe *)
		map(ring->fd, params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring->sq_tail = (unsigned int *)(sq + params.sq_off.tail);
	ring->sq_mask = (unsigned int *)(sq + params.sq_off.ring_mask);
	ring->sq_array = (unsigned int *)(sq + params.sq_off.array);
	ring->cq_head = (unsigned int *)(cq + params.cq_off.head);
	ring->cq_tail = (unsigned int *)(cq + params.cq_off.tail);
	ring->cq_mask = (unsigned int *)(cq + params.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
}

void ring_queue(struct ring *ring, const struct ring_request *request)
{
	unsigned int tail = *ring->sq_tail;
	unsigned int index = tail & *ring->sq_mask;
	struct io_uring_sqe *sqe = &ring->sqes[index];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = request->write ? IORING_OP_WRITEV : IORING_OP_READV;
	sqe->fd = request->fd;
	sqe->off = request->offset;
	sqe->addr = (uint64_t)(uintptr_t)request->vector;
	sqe->len = request->count;
	sqe->rw_flags = request->write && request->dsync ? RWF_DSYNC : 0;
	sqe->user_data = request->cookie;

	ring->sq_array[index] = index;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	ring->queued++;
}

void ring_enter(struct ring *ring)
{
	long taken;

	do {
		taken = syscall(__NR_io_uring_enter, ring->fd, ring->queued, 1,
				IORING_ENTER_GETEVENTS, NULL, 0);
	} while (taken < 0 && errno == EINTR);
	if (taken < 0)
		tool_die(TOOL_FAILED, "io_uring_enter: %s", strerror(errno));
	ring->queued -= (unsigned int)taken;
}

bool ring_reap(struct ring *ring, uint64_t *cookie, int *result)
{
	unsigned int head = *ring->cq_head;
	const struct io_uring_cqe *cqe;

	if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		return false;
	cqe = &ring->cqes[head & *ring->cq_mask];
	*cookie = cqe->user_data;
	*result = cqe->res;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}
