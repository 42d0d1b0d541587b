// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "io_job.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io_buffer.h"
#include "io_map.h"
#include "pattern.h"
#include "ring.h"
#include "tool.h"

#define ERRORS_SHOWN	5
#define ERRORS_ENOUGH	16	/* a dead device would only give more of the same */
#define PLACE_TRIES	64
#define NS_PER_MS	1000000u

/* One request, in flight or free. */
struct slot {
	struct io_buffer buffer;
	bool write;
	uint64_t at;		/* first block, counted from the start of the job's part */
	uint32_t blocks;
	uint32_t generation;
	uint64_t submitted_ns;
};

struct job {
	const struct io_options *options;
	const volatile sig_atomic_t *enough;
	struct io_result *result;
	unsigned int number;
	uint64_t started_ns;
	uint64_t random;
	int fd;
	FILE *series;
	struct io_map map;
	struct ring ring;
	struct slot *slots;
	struct slot **idle;
	unsigned int idle_count;
	uint64_t submitted;
	bool idled;
};

static struct pattern expected(const struct job *job, uint64_t at, uint32_t generation)
{
	return (struct pattern){
		.seed = job->options->seed,
		.block = job->map.first + at,
		.generation = generation,
	};
}

static void fill(const struct job *job, struct slot *slot)
{
	uint32_t block = job->options->block;

	for (uint32_t i = 0; i < slot->blocks; i++) {
		struct pattern pattern = expected(job, slot->at + i, slot->generation);

		pattern_fill(io_buffer_block(&slot->buffer, i, block), block, &pattern);
	}
}

static void report_mismatch(struct job *job, uint64_t at, const char *when)
{
	if (job->result->mismatches++ < ERRORS_SHOWN)
		fprintf(stderr, "io: block %" PRIu64 " differs from generation %u, %s\n",
			job->map.first + at, job->map.generation[at], when);
}

static void verify(struct job *job, const struct slot *slot)
{
	uint32_t block = job->options->block;

	for (uint32_t i = 0; i < slot->blocks; i++) {
		uint64_t at = slot->at + i;
		struct pattern pattern = expected(job, at, job->map.generation[at]);

		job->result->checked++;
		if (!pattern_matches(io_buffer_block(&slot->buffer, i, block), block, &pattern))
			report_mismatch(job, at, "while running");
	}
}

/* Small requests as often as middling and large ones: uniform sizes would hardly have any. */
static uint32_t random_blocks(struct job *job)
{
	uint32_t least = job->options->minimum / job->options->block;
	uint32_t most = job->options->maximum / job->options->block;
	uint32_t limit = most;

	switch (pattern_random(&job->random) % 3) {
	case 0:
		limit = least + 7;
		break;
	case 1:
		limit = least + 127;
		break;
	}
	if (limit > most)
		limit = most;
	return least + (uint32_t)(pattern_random(&job->random) % (limit - least + 1));
}

/* A read needs a place whose content is known; there may be none yet, then it becomes a write. */
static bool choose_place(struct job *job, struct slot *slot)
{
	slot->write = pattern_random(&job->random) % 100 >= job->options->read_percent;
	for (int try = 0; try < PLACE_TRIES; try++) {
		if (try == PLACE_TRIES / 2)
			slot->write = true;
		slot->blocks = random_blocks(job);
		slot->at = pattern_random(&job->random) % (job->map.blocks - slot->blocks + 1);
		if ((slot->write || io_map_known(&job->map, slot->at, slot->blocks)) &&
		    io_map_claim(&job->map, slot->at, slot->blocks))
			return true;
	}
	return false;
}

static void submit(struct job *job, struct slot *slot)
{
	const struct io_options *options = job->options;

	io_buffer_lay_out(&slot->buffer, slot->blocks, options->block, options->alignment,
			  options->split, &job->random);
	if (slot->write) {
		slot->generation = ++job->map.last_generation;
		fill(job, slot);
	}
	slot->submitted_ns = tool_now_ns();
	ring_queue(&job->ring, &(struct ring_request){
		.fd = job->fd,
		.write = slot->write,
		.dsync = options->dsync,
		.offset = (job->map.first + slot->at) * options->block,
		.vector = slot->buffer.pieces,
		.count = slot->buffer.count,
		.cookie = (uint64_t)(uintptr_t)slot,
	});
	job->submitted++;
}

static void report_error(struct job *job, const struct slot *slot, int result)
{
	int number = result < 0 ? -result : EIO;

	if (!job->result->errors++)
		job->result->first_errno = number;
	if (job->result->errors <= ERRORS_SHOWN)
		fprintf(stderr, "io: %s of %u blocks at %" PRIu64 ": %s (%d)\n",
			slot->write ? "write" : "read", slot->blocks, job->map.first + slot->at,
			strerror(number), result);
}

static void account_time(struct job *job, const struct slot *slot)
{
	uint64_t taken = tool_now_ns() - slot->submitted_ns;

	if (taken > job->result->longest_ns)
		job->result->longest_ns = taken;
	if (taken >= job->options->slow_ms * NS_PER_MS)
		job->result->slow++;
	if (job->series)
		fprintf(job->series, "%" PRIu64 " %.3f\n",
			(slot->submitted_ns - job->started_ns) / NS_PER_MS,
			(double)taken / NS_PER_MS);
}

static void complete(struct job *job, struct slot *slot, int result)
{
	bool good = result >= 0 && (uint64_t)result == (uint64_t)slot->blocks * job->options->block;

	account_time(job, slot);
	if (!good)
		report_error(job, slot, result);
	else if (!slot->write)
		verify(job, slot);

	/* A write that failed may have happened or not, in part or as a whole. */
	if (slot->write)
		io_map_set(&job->map, slot->at, slot->blocks, good ? slot->generation : 0);
	if (good) {
		job->result->bytes += (uint64_t)result;
		job->result->writes += slot->write;
		job->result->reads += !slot->write;
	}
	io_map_release(&job->map, slot->at, slot->blocks);
	job->idle[job->idle_count++] = slot;
}

static bool wants_more(const struct job *job)
{
	const struct io_options *options = job->options;

	if (job->result->errors >= ERRORS_ENOUGH || *job->enough)
		return false;
	if (options->milliseconds &&
	    tool_now_ns() - job->started_ns >= options->milliseconds * NS_PER_MS)
		return false;
	return !options->count ? options->milliseconds > 0 : job->submitted < options->count;
}

/* The first requests are sent; nobody asks for them for a while. */
static void idle_once(struct job *job)
{
	if (!job->options->idle_ms || job->idled)
		return;
	job->idled = true;
	ring_submit(&job->ring);
	tool_sleep_ms((unsigned int)job->options->idle_ms);
}

static void run_requests(struct job *job)
{
	struct slot *slot;
	uint64_t cookie;
	int result;

	for (;;) {
		while (job->idle_count && wants_more(job) &&
		       choose_place(job, job->idle[job->idle_count - 1])) {
			slot = job->idle[--job->idle_count];
			submit(job, slot);
		}
		if (job->idle_count == job->options->depth)
			return;
		idle_once(job);
		ring_enter(&job->ring);
		while (ring_reap(&job->ring, &cookie, &result))
			complete(job, (struct slot *)(uintptr_t)cookie, result);
	}
}

static void check_run(struct job *job, char *memory, uint64_t at, uint32_t blocks)
{
	uint32_t block = job->options->block;
	size_t length = (size_t)blocks * block;
	ssize_t got = pread(job->fd, memory, length, (off_t)((job->map.first + at) * block));

	if (got != (ssize_t)length) {
		struct slot slot = { .at = at, .blocks = blocks };

		report_error(job, &slot, got < 0 ? -errno : (int)got);
		return;
	}
	for (uint32_t i = 0; i < blocks; i++) {
		struct pattern pattern = expected(job, at + i, job->map.generation[at + i]);

		job->result->checked++;
		if (!pattern_matches(memory + (size_t)i * block, block, &pattern))
			report_mismatch(job, at + i, "in the final check");
	}
}

/* Reads back whatever is known, in the largest pieces there are. */
static void check_everything(struct job *job)
{
	uint32_t most = job->options->maximum / job->options->block;
	char *memory = job->slots[0].buffer.memory;
	uint64_t at = 0;

	while (at < job->map.blocks) {
		uint32_t blocks = 0;

		while (blocks < most && at + blocks < job->map.blocks &&
		       job->map.generation[at + blocks])
			blocks++;
		if (blocks)
			check_run(job, memory, at, blocks);
		at += blocks ? blocks : 1;
	}
}

static void pin(const struct io_options *options, unsigned int number)
{
	unsigned int cpu = ((unsigned int)options->cpu + number) % options->cpus;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		tool_die(TOOL_FAILED, "cannot run on CPU %u: %s", cpu, strerror(errno));
}

static void open_series(struct job *job)
{
	char name[256];

	if (!job->options->series)
		return;
	snprintf(name, sizeof(name), "%s.%u", job->options->series, job->number);
	job->series = fopen(name, "w");
	if (!job->series)
		tool_die(TOOL_FAILED, "%s: %s", name, strerror(errno));
}

static void prepare(struct job *job)
{
	const struct io_options *options = job->options;
	uint64_t blocks = options->length / options->block / options->jobs;

	pin(options, job->number);
	job->fd = open(options->device, O_RDWR | O_DIRECT);
	if (job->fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", options->device, strerror(errno));
	open_series(job);
	job->random = options->seed * 1000003 + job->number;
	io_map_open(&job->map, options->start / options->block + job->number * blocks, blocks);
	if (options->state)
		io_map_load(&job->map, options->state, job->number);

	ring_open(&job->ring, options->depth, options->poll ? IORING_SETUP_IOPOLL : 0);
	job->slots = calloc(options->depth, sizeof(*job->slots));
	job->idle = calloc(options->depth, sizeof(struct slot *));
	if (!job->slots || !job->idle)
		tool_die(TOOL_FAILED, "out of memory");
	for (unsigned int i = 0; i < options->depth; i++) {
		io_buffer_allocate(&job->slots[i].buffer, options->maximum, options->huge, i & 1,
				   &job->random);
		job->idle[job->idle_count++] = &job->slots[i];
	}
}

void io_job_run(const struct io_options *options, unsigned int number, uint64_t started_ns,
		const volatile sig_atomic_t *enough, struct io_result *result)
{
	struct job job = {
		.options = options,
		.enough = enough,
		.result = result,
		.number = number,
		.started_ns = started_ns,
	};
	uint64_t begun_ns;

	prepare(&job);
	begun_ns = tool_now_ns();
	run_requests(&job);
	result->ran_ns = tool_now_ns() - begun_ns;
	if (options->check)
		check_everything(&job);
	if (options->state)
		io_map_save(&job.map, options->state, number);
	if (job.series && fclose(job.series))
		tool_die(TOOL_FAILED, "writing the series: %s", strerror(errno));
	result->finished = true;
}
