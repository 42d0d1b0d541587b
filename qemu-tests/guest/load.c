// SPDX-License-Identifier: GPL-2.0
/*
 * A load for counting instructions: so many requests, in batches of DEPTH that are submitted by
 * one system call each, all of them between two marks for the plugin (qemu-tests/perf/count.c).
 *
 *   load DEVICE KIND BYTES DEPTH COUNT
 *
 * KIND is read, write, mixed (a read, a write, ...), huge (reads into memory in one piece), sync
 * (writes, a flush after each batch), discard, single (reads, a system call each) or poll (reads
 * whose completions are polled for). Some batches come before the first mark, so that
 * code and caches are warm. But for huge, the pages of a buffer are not neighbours in physical
 * memory, as an application's seldom are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "mark.h"
#include "ring.h"
#include "tool.h"

#define PAGE		4096u
#define WARM_REQUESTS	256u
#define MOST_DEPTH	1024
#define HUGE_BYTES	(2u << 20)

enum kind { READ, WRITE, MIXED, HUGE_PAGE, SYNC, DISCARD, SINGLE, POLL, KINDS };

static const char *const kind_names[KINDS] = {
	"read", "write", "mixed", "huge", "sync", "discard", "single", "poll"
};

struct load {
	int fd;
	enum kind kind;
	uint64_t bytes;
	uint64_t size;		/* of the device */
	unsigned int depth;
	uint64_t next;		/* offset of the next request */
	struct iovec vectors[MOST_DEPTH];
	struct ring ring;
};

/*
 * Two areas get their pages by turns, and each first every other page, then the rest: whether the
 * kernel hands out memory upwards or downwards, no page is followed by its physical neighbour.
 */
static void scatter(char *area, char *other, uint64_t length)
{
	for (unsigned int first = 0; first < 2; first++) {
		for (uint64_t at = first * PAGE; at < length; at += 2 * PAGE) {
			area[at] = 1;
			other[at] = 1;
		}
	}
}

static char *allocate(uint64_t length)
{
	char *area = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* A kernel without huge pages does not know the advice. */
	if (area == MAP_FAILED || (madvise(area, length, MADV_NOHUGEPAGE) && errno != EINVAL))
		tool_die(TOOL_FAILED, "out of memory");
	return area;
}

/* Not the neighbour, or the block layer would make one request of two. */
static void step(struct load *load)
{
	load->next = (load->next + 3 * load->bytes) % (load->size - load->bytes);
	load->next -= load->next % load->bytes;
}

static void discard_batch(struct load *load)
{
	for (unsigned int i = 0; i < load->depth; i++) {
		const uint64_t range[] = { load->next, load->bytes };

		if (ioctl(load->fd, BLKDISCARD, range))
			tool_die(TOOL_FAILED, "discard: %s", strerror(errno));
		step(load);
	}
}

static void run_batch(struct load *load)
{
	unsigned int left = load->depth;
	uint64_t cookie;
	int result;

	if (load->kind == DISCARD) {
		discard_batch(load);
		return;
	}

	for (unsigned int i = 0; i < load->depth; i++) {
		ring_queue(&load->ring, &(struct ring_request){
			.fd = load->fd,
			.write = load->kind == WRITE || load->kind == SYNC ||
				 (load->kind == MIXED && i % 2),
			.offset = load->next,
			.vector = &load->vectors[i],
			.count = 1,
		});
		if (load->kind == SINGLE)
			ring_submit(&load->ring);
		step(load);
	}
	while (left) {
		ring_enter(&load->ring);
		while (ring_reap(&load->ring, &cookie, &result)) {
			if (result != (int)load->bytes)
				tool_die(TOOL_FAILED, "a request ended with %d", result);
			left--;
		}
	}
	if (load->kind == SYNC && fdatasync(load->fd))
		tool_die(TOOL_FAILED, "flush: %s", strerror(errno));
}

static enum kind kind_of(const char *name)
{
	for (enum kind kind = 0; kind < KINDS; kind++)
		if (!strcmp(name, kind_names[kind]))
			return kind;
	tool_die(TOOL_USAGE, "'%s' is no KIND", name);
}

/* One huge page a request: memory that is one piece for the device, too. */
static char *allocate_huge(uint64_t length)
{
	char *area = mmap(NULL, length + HUGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		tool_die(TOOL_FAILED, "out of memory");
	area += HUGE_BYTES - (uintptr_t)area % HUGE_BYTES;
	if (madvise(area, length, MADV_HUGEPAGE))
		tool_die(TOOL_FAILED, "no huge pages: %s", strerror(errno));
	memset(area, 1, length);
	return area;
}

static void prepare_memory(struct load *load)
{
	const uint64_t each = load->kind == HUGE_PAGE ? HUGE_BYTES : load->bytes;
	const uint64_t length = each * load->depth;
	char *area = load->kind == HUGE_PAGE ? allocate_huge(length) : allocate(length);

	if (load->kind != HUGE_PAGE)
		scatter(area, allocate(length), length);
	for (unsigned int i = 0; i < load->depth; i++)
		load->vectors[i] = (struct iovec){ area + i * each, load->bytes };
}

static void prepare(struct load *load, char **argv)
{
	cpu_set_t cpus;

	load->kind = kind_of(argv[2]);
	load->bytes = tool_number(argv[3], "BYTES");
	load->depth = (unsigned int)tool_number(argv[4], "DEPTH");
	if (!load->depth || load->depth > MOST_DEPTH || !load->bytes || load->bytes % 512 ||
	    (load->kind == HUGE_PAGE && load->bytes > HUGE_BYTES))
		tool_die(TOOL_USAGE, "BYTES: a multiple of 512; DEPTH: from 1 to %u", MOST_DEPTH);
	load->fd = open(argv[1], O_RDWR | O_DIRECT);
	if (load->fd < 0 || ioctl(load->fd, BLKGETSIZE64, &load->size))
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		tool_die(TOOL_FAILED, "cannot stay on CPU 0: %s", strerror(errno));
	prepare_memory(load);
	ring_open(&load->ring, load->depth < 2 ? 2 : load->depth,
		  load->kind == POLL ? IORING_SETUP_IOPOLL : 0);
}

int main(int argc, char **argv)
{
	static struct load load;
	uint64_t batches;
	uint64_t begun;
	unsigned int warm;

	if (argc != 6)
		tool_die(TOOL_USAGE, "DEVICE KIND BYTES DEPTH COUNT");
	prepare(&load, argv);
	batches = tool_number(argv[5], "COUNT") / load.depth;
	warm = WARM_REQUESTS / load.depth + 2;
	for (unsigned int i = 0; i < warm; i++)
		run_batch(&load);
	begun = tool_now_ns();
	mark_start();
	for (uint64_t i = 0; i < batches; i++)
		run_batch(&load);
	mark_stop();
	printf("count=%llu warm=%u ns=%llu\n", (unsigned long long)(batches * load.depth),
	       warm * load.depth, (unsigned long long)(tool_now_ns() - begun));
	return TOOL_OK;
}
