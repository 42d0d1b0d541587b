// SPDX-License-Identifier: GPL-2.0
/*
 * Sends one NVMe ioctl, or one command by io_uring, and says what came back:
 *
 *   ioctl NODE id | reset | subsystem | rescan | unknown
 *   ioctl NODE admin | admin64 | io | io64 | io64-vec [KEY=NUMBER]...
 *   ioctl NODE submit [KEY=NUMBER]...
 *   ioctl NODE uring-io | uring-io-vec | uring-admin | uring-admin-vec [KEY=NUMBER]...
 *
 * prints "ret=N error=NAME result=N ms=N". Keys of commands: opcode flags nsid cdw2 cdw3
 * cdw10 .. cdw15 length timeout metadata; of submit: opcode flags slba blocks0. Others:
 *
 *   uid=N     give up root after the node is open
 *   write=1   open the node for writing
 *   bad=1     the buffer is not the program's
 *   odd=N     the buffer begins N bytes after a page
 *   pieces=N  with -vec: the buffer is handed over in so many pieces
 *   fixed=1   the buffer is registered with the ring
 *   small=1   the ring has entries of the usual size
 *   hipri=1   the ring polls for its commands
 *   nap=MS    the answer is waited for so long after the command was sent
 *   exec=1    once the command is sent this program becomes another one, which ends well
 *   shared=1  its memory is shared with a child since a fork, and not written since
 *   compat=1  as a 32-bit program, with the upper half of addresses set
 *   hold=FILE  make FILE when the node is open, and go on when it is gone
 *   in=FILE, out=FILE   what the buffer holds before, and after
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compat.h"
#include "ring.h"
#include "tool.h"

#define UNKNOWN_IOCTL	_IO('N', 0x7e)
#define NS_PER_MS	1000000u
#define LARGEST		(64u << 20)
#define MOST_PIECES	2048u
#define UPPER_HALF	0xdead000000000000u

struct request {
	const char *verb;
	struct nvme_passthru_cmd64 c;
	struct nvme_user_io io;
	uint64_t uid;
	uint64_t write;
	uint64_t bad;
	uint64_t odd;
	uint64_t pieces;
	uint64_t fixed;
	uint64_t small;
	uint64_t hipri;
	uint64_t nap;
	uint64_t exec;
	uint64_t compat;
	uint64_t shared;
	const char *hold;
	const char *in;
	const char *out;
};

static struct request request;

static uint64_t *numbers_of_tool(const char *key)
{
	static const struct {
		const char *key;
		uint64_t *at;
	} table[] = {
		{ "uid", &request.uid },
		{ "write", &request.write },
		{ "bad", &request.bad },
		{ "odd", &request.odd },
		{ "pieces", &request.pieces },
		{ "fixed", &request.fixed },
		{ "small", &request.small },
		{ "hipri", &request.hipri },
		{ "nap", &request.nap },
		{ "exec", &request.exec },
		{ "compat", &request.compat },
		{ "shared", &request.shared },
		{ NULL, NULL },
	};

	for (int i = 0; table[i].key; i++)
		if (!strcmp(key, table[i].key))
			return table[i].at;
	return NULL;
}

static uint32_t *dword_of(const char *key)
{
	static const struct {
		const char *key;
		uint32_t *at;
	} table[] = {
		{ "nsid", &request.c.nsid },
		{ "cdw2", &request.c.cdw2 },
		{ "cdw3", &request.c.cdw3 },
		{ "cdw10", &request.c.cdw10 },
		{ "cdw11", &request.c.cdw11 },
		{ "cdw12", &request.c.cdw12 },
		{ "cdw13", &request.c.cdw13 },
		{ "cdw14", &request.c.cdw14 },
		{ "cdw15", &request.c.cdw15 },
		{ "length", &request.c.data_len },
		{ "metadata", &request.c.metadata_len },
		{ "timeout", &request.c.timeout_ms },
		{ NULL, NULL },
	};

	for (int i = 0; table[i].key; i++)
		if (!strcmp(key, table[i].key))
			return table[i].at;
	return NULL;
}

static void take(char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		tool_die(TOOL_USAGE, "'%s' is not KEY=VALUE", word);
	*value++ = '\0';
	if (!strcmp(word, "hold"))
		request.hold = value;
	else if (!strcmp(word, "in"))
		request.in = value;
	else if (!strcmp(word, "out"))
		request.out = value;
	else if (!strcmp(word, "opcode"))
		request.c.opcode = tool_number(value, word);
	else if (!strcmp(word, "flags"))
		request.c.flags = tool_number(value, word);
	else if (!strcmp(word, "slba"))
		request.io.slba = tool_number(value, word);
	else if (!strcmp(word, "blocks0"))
		request.io.nblocks = tool_number(value, word);
	else if (dword_of(word))
		*dword_of(word) = tool_number(value, word);
	else if (numbers_of_tool(word))
		*numbers_of_tool(word) = tool_number(value, word);
	else
		tool_die(TOOL_USAGE, "there is no key '%s'", word);
}

/* Where a 32-bit program could have it. */
static char *buffer(void)
{
	char *memory = mmap(NULL, LARGEST + 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	FILE *file;

	if (memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "no memory");
	memory += request.odd;
	if (request.in) {
		file = fopen(request.in, "r");
		if (!file || !fread(memory, 1, LARGEST, file))
			tool_die(TOOL_FAILED, "%s: cannot be read", request.in);
		fclose(file);
	}
	return memory;
}

static void save(FILE *file, const char *memory, size_t bytes)
{
	if (file && (fwrite(memory, 1, bytes, file) != bytes || fclose(file)))
		tool_die(TOOL_FAILED, "%s: cannot be written", request.out);
}

static int send_ioctl(int fd, unsigned long number, void *argument)
{
	return request.compat ? compat_ioctl(fd, number, argument) : ioctl(fd, number, argument);
}

static int send32(int fd, unsigned long number)
{
	static struct nvme_passthru_cmd c;	/* where a 32-bit program could have it */
	int ret;

	/* The same up to the reserved field that the longer one has before its result. */
	memcpy(&c, &request.c, offsetof(struct nvme_passthru_cmd, result));
	c.result = 0;
	ret = send_ioctl(fd, number, &c);
	request.c.result = c.result;
	return ret;
}

static void split_for_32_bit(const struct iovec *pieces)
{
	static struct compat_piece list[MOST_PIECES];

	for (uint64_t i = 0; i < request.pieces; i++)
		list[i] = compat_piece(&pieces[i]);
	request.c.addr = (uintptr_t)list | UPPER_HALF;
}

/* The buffer in pieces, the first of which have a dword each. */
static void split(char *memory)
{
	static struct iovec pieces[MOST_PIECES];
	uint64_t i, left = request.c.data_len;

	if (request.pieces > MOST_PIECES)
		tool_die(TOOL_USAGE, "at most %u pieces", MOST_PIECES);
	for (i = 0; i < request.pieces; i++) {
		pieces[i].iov_base = request.bad ? (void *)0x10 : memory;
		pieces[i].iov_len = i + 1 < request.pieces ? 4 : left;
		memory += pieces[i].iov_len;
		left -= pieces[i].iov_len;
	}
	request.c.addr = (uintptr_t)pieces;
	if (request.compat)
		split_for_32_bit(pieces);
	request.c.data_len = request.pieces;
}

static unsigned int uring_operation(const char *verb)
{
	if (!strcmp(verb, "uring-io"))
		return NVME_URING_CMD_IO;
	if (!strcmp(verb, "uring-io-vec"))
		return NVME_URING_CMD_IO_VEC;
	if (!strcmp(verb, "uring-admin"))
		return NVME_URING_CMD_ADMIN;
	if (!strcmp(verb, "uring-admin-vec"))
		return NVME_URING_CMD_ADMIN_VEC;
	tool_die(TOOL_USAGE, "there is no '%s'", verb);
}

static int send_by_ring(int fd, char *memory)
{
	const struct ring_command command = {
		.fd = fd,
		.operation = uring_operation(request.verb),
		.flags = request.fixed ? IORING_URING_CMD_FIXED : 0,
		.command = &request.c,
	};
	const struct iovec buffer = { .iov_base = memory, .iov_len = request.c.data_len };
	struct ring ring;
	uint64_t cookie;
	int ret;

	ring_open(&ring, 4, (request.small ? 0 : RING_LARGE) |
			    (request.hipri ? IORING_SETUP_IOPOLL : 0));
	if (request.fixed)
		ring_register(&ring, &buffer, 1);
	ring_queue_command(&ring, &command);
	if (request.nap) {
		ring_submit(&ring);
		tool_sleep_ms(request.nap);
	}
	if (request.exec) {
		ring_submit(&ring);
		execl("/bin/true", "true", NULL);
		tool_die(TOOL_FAILED, "/bin/true: %s", strerror(errno));
	}
	do
		ring_enter(&ring);
	while (!ring_reap_wide(&ring, &cookie, &ret, (uint64_t *)&request.c.result));
	if (ret >= 0)
		return ret;
	errno = -ret;
	return -1;
}

static int send(int fd, char *memory)
{
	const char *verb = request.verb;

	request.c.addr = request.bad ? 0x10 : (uintptr_t)memory;
	if (request.compat)
		request.c.addr |= UPPER_HALF;
	request.io.addr = request.c.addr;
	if (strstr(verb, "-vec"))
		split(memory);
	request.io.opcode = request.c.opcode;
	request.io.flags = request.c.flags;
	if (!strcmp(verb, "id"))
		return ioctl(fd, NVME_IOCTL_ID);
	if (!strcmp(verb, "reset"))
		return ioctl(fd, NVME_IOCTL_RESET);
	if (!strcmp(verb, "subsystem"))
		return ioctl(fd, NVME_IOCTL_SUBSYS_RESET);
	if (!strcmp(verb, "rescan"))
		return ioctl(fd, NVME_IOCTL_RESCAN);
	if (!strcmp(verb, "unknown"))
		return ioctl(fd, UNKNOWN_IOCTL);
	if (!strcmp(verb, "admin"))
		return send32(fd, NVME_IOCTL_ADMIN_CMD);
	if (!strcmp(verb, "io"))
		return send32(fd, NVME_IOCTL_IO_CMD);
	if (!strcmp(verb, "admin64"))
		return send_ioctl(fd, NVME_IOCTL_ADMIN64_CMD, &request.c);
	if (!strcmp(verb, "io64"))
		return send_ioctl(fd, NVME_IOCTL_IO64_CMD, &request.c);
	if (!strcmp(verb, "io64-vec"))
		return send_ioctl(fd, NVME_IOCTL_IO64_CMD_VEC, &request.c);
	if (!strcmp(verb, "submit"))
		return send_ioctl(fd, request.compat ? COMPAT_SUBMIT_IO : NVME_IOCTL_SUBMIT_IO,
				  &request.io);
	return send_by_ring(fd, memory);
}

static void hold_node(void)
{
	FILE *file = fopen(request.hold, "w");

	if (!file || fclose(file))
		tool_die(TOOL_FAILED, "%s: %s", request.hold, strerror(errno));
	while (!access(request.hold, F_OK))
		tool_sleep_ms(20);
}

/* Until this program ends, the child has all of its memory. */
static void share_memory(void)
{
	const pid_t parent = getpid();
	const pid_t child = fork();

	if (child < 0)
		tool_die(TOOL_FAILED, "fork: %s", strerror(errno));
	if (!child) {
		tool_end_with(parent);
		for (;;)
			pause();
	}
}

int main(int argc, char **argv)
{
	uint64_t started_ns;
	size_t bytes;
	FILE *out = NULL;
	char *memory;
	int fd, ret;

	if (argc < 3)
		tool_die(TOOL_USAGE, "NODE VERB [KEY=VALUE]...");
	request.verb = argv[2];
	for (int i = 3; i < argc; i++)
		take(argv[i]);
	fd = open(argv[1], request.write ? O_RDWR : O_RDONLY);
	if (fd < 0) {
		printf("ret=-1 error=%s open=1\n", strerrorname_np(errno));
		return TOOL_OK;
	}
	if (request.hold)
		hold_node();
	memory = buffer();
	if (request.out)
		out = fopen(request.out, "w");
	if (request.out && !out)
		tool_die(TOOL_FAILED, "%s: %s", request.out, strerror(errno));
	if (request.uid && setuid(request.uid))
		tool_die(TOOL_FAILED, "setuid: %s", strerror(errno));

	if (request.shared)
		share_memory();
	bytes = request.c.data_len;
	started_ns = tool_now_ns();
	errno = 0;
	ret = send(fd, memory);
	printf("ret=%d error=%s result=%llu ms=%llu\n", ret, ret < 0 ? strerrorname_np(errno) : "0",
	       (unsigned long long)request.c.result,
	       (unsigned long long)((tool_now_ns() - started_ns) / NS_PER_MS));
	save(out, memory, bytes);
	return TOOL_OK;
}
