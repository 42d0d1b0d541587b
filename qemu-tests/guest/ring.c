// SPDX-License-Identifier: GPL-2.0
#include "ring.h"

#include <errno.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

static char *map(int fd, struct iovec *at, size_t length, off_t what)
{
	char *base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			  what);

	if (base == MAP_FAILED)
		tool_die(TOOL_FAILED, "mapping the io_uring: %s", strerror(errno));
	*at = (struct iovec){ base, length };
	return base;
}

static struct io_uring_cqe *entry_of_completion(const struct ring *ring, unsigned int head)
{
	return (struct io_uring_cqe *)(ring->cqes + ((head & *ring->cq_mask) << ring->cqe_shift));
}

void ring_open(struct ring *ring, unsigned int depth, unsigned int flags)
{
	struct io_uring_params params = { .flags = flags };
	char *sq;
	char *cq;

	memset(ring, 0, sizeof(*ring));
	ring->sqe_shift = flags & IORING_SETUP_SQE128 ? 7 : 6;
	ring->cqe_shift = flags & IORING_SETUP_CQE32 ? 5 : 4;
	ring->fd = (int)syscall(__NR_io_uring_setup, depth, &params);
	if (ring->fd < 0)
		tool_die(TOOL_FAILED, "io_uring_setup: %s", strerror(errno));

	sq = map(ring->fd, &ring->maps[0],
		 params.sq_off.array + params.sq_entries * sizeof(unsigned int),
		 IORING_OFF_SQ_RING);
	cq = map(ring->fd, &ring->maps[1],
		 params.cq_off.cqes + ((size_t)params.cq_entries << ring->cqe_shift),
		 IORING_OFF_CQ_RING);
	ring->sqes = map(ring->fd, &ring->maps[2], (size_t)params.sq_entries << ring->sqe_shift,
			 IORING_OFF_SQES);
	ring->sq_tail = (unsigned int *)(sq + params.sq_off.tail);
	ring->sq_mask = (unsigned int *)(sq + params.sq_off.ring_mask);
	ring->sq_array = (unsigned int *)(sq + params.sq_off.array);
	ring->cq_head = (unsigned int *)(cq + params.cq_off.head);
	ring->cq_tail = (unsigned int *)(cq + params.cq_off.tail);
	ring->cq_mask = (unsigned int *)(cq + params.cq_off.ring_mask);
	ring->cqes = cq + params.cq_off.cqes;
}

void ring_close(struct ring *ring)
{
	for (int i = 0; i < 3; i++)
		munmap(ring->maps[i].iov_base, ring->maps[i].iov_len);
	close(ring->fd);
}

void ring_register(struct ring *ring, const struct iovec *buffers, unsigned int count)
{
	if (syscall(__NR_io_uring_register, ring->fd, IORING_REGISTER_BUFFERS, buffers, count))
		tool_die(TOOL_FAILED, "registering buffers: %s", strerror(errno));
}

/* The next free entry, empty. */
static struct io_uring_sqe *next_entry(const struct ring *ring)
{
	const unsigned int index = *ring->sq_tail & *ring->sq_mask;
	char *entry = ring->sqes + ((size_t)index << ring->sqe_shift);

	ring->sq_array[index] = index;
	memset(entry, 0, (size_t)1 << ring->sqe_shift);
	return (struct io_uring_sqe *)entry;
}

static void queue_entry(struct ring *ring)
{
	__atomic_store_n(ring->sq_tail, *ring->sq_tail + 1, __ATOMIC_RELEASE);
	ring->queued++;
}

void ring_queue(struct ring *ring, const struct ring_request *request)
{
	struct io_uring_sqe *sqe = next_entry(ring);

	sqe->opcode = request->write ? IORING_OP_WRITEV : IORING_OP_READV;
	sqe->fd = request->fd;
	sqe->off = request->offset;
	sqe->addr = (uint64_t)(uintptr_t)request->vector;
	sqe->len = request->count;
	sqe->rw_flags = request->write && request->dsync ? RWF_DSYNC : 0;
	sqe->user_data = request->cookie;
	queue_entry(ring);
}

/* The command is larger than what is left of a small entry. */
void ring_queue_command(struct ring *ring, const struct ring_command *command)
{
	struct io_uring_sqe *sqe = next_entry(ring);
	const size_t room = ((size_t)1 << ring->sqe_shift) - offsetof(struct io_uring_sqe, cmd);
	const size_t bytes = sizeof(struct nvme_uring_cmd);

	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = command->fd;
	sqe->cmd_op = command->operation;
	sqe->uring_cmd_flags = command->flags;
	sqe->user_data = command->cookie;
	memcpy(sqe->cmd, command->command, bytes < room ? bytes : room);
	queue_entry(ring);
}

static void enter(struct ring *ring, unsigned int completions, unsigned int flags)
{
	long taken;

	do {
		taken = syscall(__NR_io_uring_enter, ring->fd, ring->queued, completions, flags,
				NULL, 0);
	} while (taken < 0 && errno == EINTR);
	if (taken < 0)
		tool_die(TOOL_FAILED, "io_uring_enter: %s", strerror(errno));
	ring->queued -= (unsigned int)taken;
}

void ring_submit(struct ring *ring)
{
	enter(ring, 0, 0);
}

void ring_enter(struct ring *ring)
{
	enter(ring, 1, IORING_ENTER_GETEVENTS);
}

bool ring_reap_wide(struct ring *ring, uint64_t *cookie, int *result, uint64_t *second)
{
	unsigned int head = *ring->cq_head;
	const struct io_uring_cqe *cqe;

	if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		return false;
	cqe = entry_of_completion(ring, head);
	*cookie = cqe->user_data;
	*result = cqe->res;
	*second = ring->cqe_shift == 5 ? cqe->big_cqe[0] : 0;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}

bool ring_reap(struct ring *ring, uint64_t *cookie, int *result)
{
	uint64_t second;

	return ring_reap_wide(ring, cookie, result, &second);
}
