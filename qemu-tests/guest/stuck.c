// SPDX-License-Identifier: GPL-2.0
/*
 * Sends one command whose memory is in part absent until a signal:
 *
 *   stuck NODE WHAT
 *
 * WHAT is what is absent: the command itself (`command'), the list of the pieces of data
 * (`list'), the data of a Read or Write (`read', `write', `uring-read', `odd-read': not
 * aligned to a dword, so that the kernel copies it; `long-read': 8 blocks into 32 KiB, of
 * which the number of bytes that are not zero is printed), or of an admin command (`identify',
 * `timestamp': Set Features). userfaultfd makes it so, as a file system in user space could.
 *
 * Prints "waiting" when the kernel wants the memory; gives it after SIGUSR1; then prints
 * "ret=N error=NAME".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ring.h"
#include "tool.h"

#define PAGE		4096
#define AREA		(8 * PAGE)
#define POLL_MS		50

static struct nvme_passthru_cmd64 command = { .nsid = 1, .data_len = PAGE };
static unsigned long number = NVME_IOCTL_IO64_CMD;
static char *absent;		/* AREA bytes */
static int node, faults, answer;
static bool by_ring;
static volatile sig_atomic_t told;

static void tell(int signal)
{
	(void)signal;
	told = 1;
}

static void make_absent(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	faults = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	absent = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area.range.start = (uintptr_t)absent;
	area.range.len = AREA;
	if (faults < 0 || absent == MAP_FAILED || ioctl(faults, UFFDIO_API, &api) ||
	    ioctl(faults, UFFDIO_REGISTER, &area))
		tool_die(TOOL_FAILED, "userfaultfd: %s", strerror(errno));
}

/* What was absent is zeroes when it comes: a Flush, or a list of one piece without length. */
static bool prepare(const char *what)
{
	command.addr = (uintptr_t)absent;
	if (!strcmp(what, "long-read"))
		command.data_len = AREA;
	if (!strcmp(what, "read") || !strcmp(what, "long-read") || !strcmp(what, "uring-read") ||
	    !strcmp(what, "odd-read")) {
		command.opcode = 2;
		command.cdw12 = 7;
		by_ring = what[0] == 'u';
		command.addr += what[0] == 'o' ? 1 : 0;
	} else if (!strcmp(what, "write")) {
		command.opcode = 1;
		command.cdw12 = 7;
	} else if (!strcmp(what, "list")) {
		command.opcode = 2;
		command.cdw12 = 7;
		command.data_len = 1;
		number = NVME_IOCTL_IO64_CMD_VEC;
	} else if (!strcmp(what, "identify")) {
		command.opcode = 6;
		command.cdw10 = 1;
		command.nsid = 0;
		number = NVME_IOCTL_ADMIN64_CMD;
	} else if (!strcmp(what, "timestamp")) {
		command.opcode = 9;
		command.cdw10 = 0xe;
		command.nsid = 0;
		command.data_len = 8;
		number = NVME_IOCTL_ADMIN64_CMD;
	} else {
		return !strcmp(what, "command");
	}
	return true;
}

static int send_by_ring(void)
{
	const struct ring_command sent = {
		.fd = node,
		.operation = NVME_URING_CMD_IO,
		.command = &command,
	};
	struct ring ring;
	uint64_t cookie, result;
	int ret;

	ring_open(&ring, 4, RING_LARGE);
	ring_queue_command(&ring, &sent);
	do
		ring_enter(&ring);
	while (!ring_reap_wide(&ring, &cookie, &ret, &result));
	return ret;
}

static void *send_it(void *what)
{
	void *argument = strcmp(what, "command") ? (void *)&command : absent;
	int ret;

	if (by_ring) {
		answer = send_by_ring();
		return NULL;
	}
	ret = ioctl(node, number, argument);
	answer = ret < 0 ? -errno : ret;
	return NULL;
}

static bool is_wanted(int ms)
{
	struct pollfd fd = { .fd = faults, .events = POLLIN };
	struct uffd_msg message;

	return poll(&fd, 1, ms) > 0 && read(faults, &message, sizeof(message)) == sizeof(message);
}

static void give(void)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)absent, .len = AREA },
	};

	if (ioctl(faults, UFFDIO_ZEROPAGE, &zero) && errno != EEXIST)
		tool_die(TOOL_FAILED, "UFFDIO_ZEROPAGE: %s", strerror(errno));
}

static size_t bytes_read(void)
{
	size_t n = 0;

	for (size_t i = 0; i < AREA; i++)
		n += absent[i] != 0;
	return n;
}

int main(int argc, char **argv)
{
	pthread_t sender;

	if (argc != 3)
		tool_die(TOOL_USAGE, "NODE WHAT");
	signal(SIGUSR1, tell);
	make_absent();
	if (!prepare(argv[2]))
		tool_die(TOOL_USAGE, "'%s' is not known", argv[2]);
	node = open(argv[1], O_RDWR);
	if (node < 0 || pthread_create(&sender, NULL, send_it, argv[2]))
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));
	while (!is_wanted(POLL_MS))
		;
	printf("waiting\n");
	fflush(stdout);
	while (!told)
		tool_sleep_ms(POLL_MS);
	give();
	pthread_join(sender, NULL);
	if (!strcmp(argv[2], "long-read"))
		printf("bytes=%zu\n", bytes_read());
	printf("ret=%d error=%s\n", answer, answer < 0 ? strerrorname_np(-answer) : "0");
	return TOOL_OK;
}
