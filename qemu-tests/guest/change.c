// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that change while the kernel reads them:
 *
 *   change NODE MS UID
 *
 * Sends Reads of block 0 as UID by a descriptor for reading, in turn by ioctl and by a ring,
 * while a child turns each command into a Write, and back, as fast as it can. Prints
 * "ioctl_done=N ioctl_refused=N ring_done=N ring_refused=N"; any other answer is an error. A
 * Write that were sent would leave MARK on the disk.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ring.h"
#include "tool.h"

#define MARK	0xee
#define BLOCK	512u
#define WRITE	1
#define READ	2

struct tally {
	unsigned int done;
	unsigned int refused;
};

static char buffer[4096] __attribute__((aligned(4096)));

/* @opcodes: of the command in memory, and of the one in the ring's only entry. */
static void keep_changing(volatile unsigned char *const opcodes[2], pid_t parent)
{
	if (fork())
		return;
	tool_end_with(parent);
	for (;;) {
		*opcodes[0] = *opcodes[1] = WRITE;
		*opcodes[0] = *opcodes[1] = READ;
	}
}

static void judge(struct tally *tally, const char *by, int ret)
{
	if (ret == 0)
		tally->done++;
	else if (ret == -EACCES)
		tally->refused++;
	else
		tool_die(TOOL_FAILED, "by %s: %s", by, ret < 0 ? strerror(-ret) : "a bad status");
}

static int send_by_ring(struct ring *ring, const struct ring_command *command)
{
	uint64_t cookie, second;
	int ret;

	ring_queue_command(ring, command);
	do
		ring_enter(ring);
	while (!ring_reap_wide(ring, &cookie, &ret, &second));
	return ret;
}

int main(int argc, char **argv)
{
	struct nvme_passthru_cmd64 *c = tool_shared(sizeof(*c));
	struct tally by_ioctl = { 0 }, by_ring = { 0 };
	struct ring_command command = { .operation = NVME_URING_CMD_IO, .command = c };
	volatile unsigned char *opcodes[2];
	struct ring ring;
	uint64_t end_ns;

	if (argc != 4)
		tool_die(TOOL_USAGE, "NODE MS UID");
	end_ns = tool_now_ns() + tool_number(argv[2], "MS") * 1000000;
	command.fd = open(argv[1], O_RDONLY);
	if (command.fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));
	ring_open(&ring, 1, RING_LARGE);
	*c = (struct nvme_passthru_cmd64){
		.opcode = READ, .nsid = 1, .addr = (uintptr_t)buffer, .data_len = BLOCK,
	};
	opcodes[0] = &c->opcode;
	opcodes[1] = (unsigned char *)ring.sqes + offsetof(struct io_uring_sqe, cmd);
	/* Before the child is made: no signal of an unprivileged parent would end root's. */
	if (setuid(tool_number(argv[3], "UID")))
		tool_die(TOOL_FAILED, "setuid: %s", strerror(errno));
	keep_changing(opcodes, getpid());

	while (tool_now_ns() < end_ns) {
		int ret;

		memset(buffer, MARK, sizeof(buffer));
		ret = ioctl(command.fd, NVME_IOCTL_IO64_CMD, c);
		judge(&by_ioctl, "ioctl", ret < 0 ? -errno : ret);
		memset(buffer, MARK, sizeof(buffer));
		judge(&by_ring, "ring", send_by_ring(&ring, &command));
	}
	printf("ioctl_done=%u ioctl_refused=%u ring_done=%u ring_refused=%u\n",
	       by_ioctl.done, by_ioctl.refused, by_ring.done, by_ring.refused);
	return TOOL_OK;
}
