/* SPDX-License-Identifier: GPL-2.0 */
/* io_uring by bare system calls: as much of it as a load generator needs. */
#ifndef RING_H
#define RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct nvme_passthru_cmd64;

struct ring {
	int fd;
	unsigned int sqe_shift;		/* entries of 64 or 128 bytes */
	unsigned int cqe_shift;		/* of 16 or 32 */
	unsigned int queued;		/* prepared and not yet told to the kernel */
	unsigned int *sq_tail;
	unsigned int *sq_mask;
	unsigned int *sq_array;
	char *sqes;
	unsigned int *cq_head;
	unsigned int *cq_tail;
	unsigned int *cq_mask;
	char *cqes;
	struct iovec maps[3];		/* what ring_close() gives back */
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

/* An NVMe command for a character device: linux/nvme_ioctl.h has the operations. */
struct ring_command {
	int fd;
	unsigned int operation;
	unsigned int flags;		/* IORING_URING_CMD_* */
	const struct nvme_passthru_cmd64 *command;
	uint64_t cookie;
};

/* IORING_SETUP_*: what NVMe commands need. */
#define RING_LARGE	(IORING_SETUP_SQE128 | IORING_SETUP_CQE32)

void ring_open(struct ring *ring, unsigned int depth, unsigned int flags);
/* With what is in flight. */
void ring_close(struct ring *ring);
void ring_register(struct ring *ring, const struct iovec *buffers, unsigned int count);
void ring_queue(struct ring *ring, const struct ring_request *request);
void ring_queue_command(struct ring *ring, const struct ring_command *command);

/* Submits what is queued. */
void ring_submit(struct ring *ring);
/* The same, and waits until at least one completion is there; IORING_SETUP_IOPOLL: polls. */
void ring_enter(struct ring *ring);
bool ring_reap(struct ring *ring, uint64_t *cookie, int *result);
/* With the second result, which only large entries have. */
bool ring_reap_wide(struct ring *ring, uint64_t *cookie, int *result, uint64_t *second);

#endif
