// SPDX-License-Identifier: GPL-2.0
/*
 * A load for counting instructions: so many requests, in batches of --depth that are submitted by
 * one system call each, all of them between two marks for the plugin (qemu-tests/perf/count.c).
 *
 *   load DEVICE read|write BYTES DEPTH COUNT
 *
 * Some batches come before the first mark, so that code and caches are warm. The pages of a buffer
 * are not neighbours in physical memory, as an application's seldom are.
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

#include "ring.h"
#include "tool.h"

#define PAGE		4096u
#define WARM_BATCHES	100
#define MOST_DEPTH	256

struct load {
	int fd;
	bool write;
	uint64_t bytes;
	uint64_t size;		/* of the device */
	unsigned int depth;
	uint64_t next;		/* offset of the next request */
	struct iovec vectors[MOST_DEPTH];
	struct ring ring;
};

/* Instructions that do nothing; the plugin knows them. */
static void mark_start(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long 0x4e560100" ::: "memory");
}

static void mark_stop(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long 0x4e560200" ::: "memory");
}

/* Two areas filled by turns from the end: then neither has pages side by side. */
static void scatter(char *area, char *other, uint64_t length)
{
	for (uint64_t at = length; at >= PAGE; at -= PAGE) {
		area[at - PAGE] = 1;
		other[at - PAGE] = 1;
	}
}

static char *allocate(uint64_t length)
{
	char *area = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || madvise(area, length, MADV_NOHUGEPAGE))
		tool_die(TOOL_FAILED, "out of memory");
	return area;
}

static void run_batch(struct load *load)
{
	unsigned int left = load->depth;
	uint64_t cookie;
	int result;

	for (unsigned int i = 0; i < load->depth; i++) {
		ring_queue(&load->ring, &(struct ring_request){
			.fd = load->fd,
			.write = load->write,
			.offset = load->next,
			.vector = &load->vectors[i],
			.count = 1,
		});
		/* Not the neighbour, or the block layer would make one request of two. */
		load->next = (load->next + 3 * load->bytes) % (load->size - load->bytes);
		load->next -= load->next % load->bytes;
	}
	while (left) {
		ring_enter(&load->ring);
		while (ring_reap(&load->ring, &cookie, &result)) {
			if (result != (int)load->bytes)
				tool_die(TOOL_FAILED, "a request ended with %d", result);
			left--;
		}
	}
}

static void prepare(struct load *load, char **argv)
{
	uint64_t length;
	char *area;
	cpu_set_t cpus;

	load->write = !strcmp(argv[2], "write");
	load->bytes = tool_number(argv[3], "BYTES");
	load->depth = (unsigned int)tool_number(argv[4], "DEPTH");
	if (!load->depth || load->depth > MOST_DEPTH || !load->bytes || load->bytes % PAGE)
		tool_die(TOOL_USAGE, "BYTES: a multiple of %u; DEPTH: from 1 to %u", PAGE,
			 MOST_DEPTH);
	load->fd = open(argv[1], O_RDWR | O_DIRECT);
	if (load->fd < 0 || ioctl(load->fd, BLKGETSIZE64, &load->size))
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		tool_die(TOOL_FAILED, "cannot stay on CPU 0: %s", strerror(errno));
	length = load->bytes * load->depth;
	area = allocate(length);
	scatter(area, allocate(length), length);
	for (unsigned int i = 0; i < load->depth; i++)
		load->vectors[i] = (struct iovec){ area + i * load->bytes, load->bytes };
	ring_open(&load->ring, load->depth < 2 ? 2 : load->depth);
}

int main(int argc, char **argv)
{
	static struct load load;
	uint64_t batches;

	if (argc != 6)
		tool_die(TOOL_USAGE, "DEVICE read|write BYTES DEPTH COUNT");
	prepare(&load, argv);
	batches = tool_number(argv[5], "COUNT") / load.depth;
	for (int i = 0; i < WARM_BATCHES; i++)
		run_batch(&load);
	mark_start();
	for (uint64_t i = 0; i < batches; i++)
		run_batch(&load);
	mark_stop();
	printf("requests=%llu\n", (unsigned long long)(batches * load.depth));
	return TOOL_OK;
}
