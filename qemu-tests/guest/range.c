// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on a whole range of a block device, in bytes:
 *
 *   range DEVICE zero|discard|flush OFFSET LENGTH	BLKZEROOUT, BLKDISCARD, fsync
 *   range DEVICE fill|check OFFSET LENGTH SEED		self-naming data
 *   range DEVICE is-zero OFFSET LENGTH
 *   range DEVICE partition OFFSET LENGTH NUMBER	the kernel's alone, nothing is written
 *
 * check and is-zero exit with 1 and name the first block that differs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pattern.h"
#include "tool.h"

#define CHUNK	65536u
#define BLOCK	512u

struct range {
	const char *device;
	int fd;
	uint64_t offset;
	uint64_t length;
	uint64_t seed;
	char *memory;
};

typedef void (*block_action)(const struct range *range, uint64_t block, char *data);

static void fill_block(const struct range *range, uint64_t block, char *data)
{
	pattern_fill(data, BLOCK, &(struct pattern){ .seed = range->seed, .block = block });
}

static void check_block(const struct range *range, uint64_t block, char *data)
{
	struct pattern pattern = { .seed = range->seed, .block = block };

	if (!pattern_matches(data, BLOCK, &pattern))
		tool_die(TOOL_FAILED, "%s: 512-byte block %llu differs", range->device,
			 (unsigned long long)block);
}

static void check_zero(const struct range *range, uint64_t block, char *data)
{
	static const char zeroes[BLOCK];

	if (memcmp(data, zeroes, BLOCK))
		tool_die(TOOL_FAILED, "%s: 512-byte block %llu is not zero", range->device,
			 (unsigned long long)block);
}

static void transfer(const struct range *range, bool write, uint64_t at, size_t length)
{
	ssize_t done = write ? pwrite(range->fd, range->memory, length, (off_t)at) :
			       pread(range->fd, range->memory, length, (off_t)at);

	if (done != (ssize_t)length)
		tool_die(TOOL_FAILED, "%s: %s at %llu: %s", range->device,
			 write ? "write" : "read", (unsigned long long)at,
			 done < 0 ? strerror(errno) : "short");
}

static void each_block(const struct range *range, bool write, block_action action)
{
	for (uint64_t done = 0; done < range->length; done += CHUNK) {
		size_t now = range->length - done < CHUNK ? range->length - done : CHUNK;
		uint64_t at = range->offset + done;

		if (!write)
			transfer(range, false, at, now);
		for (size_t i = 0; i < now; i += BLOCK)
			action(range, (at + i) / BLOCK, range->memory + i);
		if (write)
			transfer(range, true, at, now);
	}
}

static void request(const struct range *range, unsigned long code, const char *name)
{
	uint64_t bounds[2] = { range->offset, range->length };

	if (ioctl(range->fd, code, bounds))
		tool_die(TOOL_FAILED, "%s: %s: %s", range->device, name, strerror(errno));
}

static void add_partition(const struct range *range)
{
	struct blkpg_partition partition = {
		.start = (long long)range->offset,
		.length = (long long)range->length,
		.pno = (int)range->seed,
	};
	struct blkpg_ioctl_arg argument = {
		.op = BLKPG_ADD_PARTITION,
		.datalen = sizeof(partition),
		.data = &partition,
	};

	if (ioctl(range->fd, BLKPG, &argument))
		tool_die(TOOL_FAILED, "%s: partition: %s", range->device, strerror(errno));
}

static void perform(const struct range *range, const char *verb)
{
	if (!strcmp(verb, "zero"))
		request(range, BLKZEROOUT, verb);
	else if (!strcmp(verb, "discard"))
		request(range, BLKDISCARD, verb);
	else if (!strcmp(verb, "fill"))
		each_block(range, true, fill_block);
	else if (!strcmp(verb, "check"))
		each_block(range, false, check_block);
	else if (!strcmp(verb, "is-zero"))
		each_block(range, false, check_zero);
	else if (!strcmp(verb, "partition"))
		add_partition(range);
	else if (strcmp(verb, "flush"))
		tool_die(TOOL_USAGE, "%s: zero, discard, flush, fill, check, is-zero, partition",
			 verb);
	else if (fsync(range->fd))
		tool_die(TOOL_FAILED, "%s: fsync: %s", range->device, strerror(errno));
}

int main(int argc, char **argv)
{
	struct range range;

	if (argc != 5 && argc != 6)
		tool_die(TOOL_USAGE, "DEVICE VERB OFFSET LENGTH [SEED]");
	range.device = argv[1];
	range.fd = open(range.device, O_RDWR | O_DIRECT);
	if (range.fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", range.device, strerror(errno));
	range.offset = tool_number(argv[3], "OFFSET");
	range.length = tool_number(argv[4], "LENGTH");
	range.seed = argc == 6 ? tool_number(argv[5], "SEED") : 0;
	range.memory = aligned_alloc(4096, CHUNK);
	if (!range.memory)
		tool_die(TOOL_FAILED, "out of memory");
	perform(&range, argv[2]);
	return TOOL_OK;
}
