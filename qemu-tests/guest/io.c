// SPDX-License-Identifier: GPL-2.0
/*
 * A verifying load generator. Every byte that is read back is compared with what the last write
 * to its block must have left there. One line of key=value pairs is the result:
 *
 *   io --device=/dev/nvme64n1 --jobs=2 --depth=8 --max=1M --count=500
 *
 * Exits with 0 only when every request succeeded and every byte was right. SIGUSR1 is the end of
 * new requests, before --ms and --count have come to theirs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io_job.h"
#include "late.h"
#include "tool.h"

#define NS_PER_MS	1000000u

enum {
	OPT_DEVICE, OPT_START, OPT_LENGTH, OPT_MIN, OPT_MAX, OPT_ALIGN, OPT_JOBS, OPT_DEPTH,
	OPT_CPU, OPT_COUNT, OPT_MS, OPT_READS, OPT_SEED, OPT_SLOW, OPT_DSYNC, OPT_HUGE,
	OPT_SPLIT, OPT_POLL, OPT_IDLE, OPT_NO_CHECK, OPT_STATE, OPT_SERIES,
};

static const struct option long_options[] = {
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "start", required_argument, NULL, OPT_START },
	{ "length", required_argument, NULL, OPT_LENGTH },
	{ "min", required_argument, NULL, OPT_MIN },
	{ "max", required_argument, NULL, OPT_MAX },
	{ "align", required_argument, NULL, OPT_ALIGN },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "depth", required_argument, NULL, OPT_DEPTH },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "ms", required_argument, NULL, OPT_MS },
	{ "reads", required_argument, NULL, OPT_READS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "slow-ms", required_argument, NULL, OPT_SLOW },
	{ "dsync", no_argument, NULL, OPT_DSYNC },
	{ "huge", no_argument, NULL, OPT_HUGE },
	{ "split", no_argument, NULL, OPT_SPLIT },
	{ "poll", no_argument, NULL, OPT_POLL },
	{ "idle-ms", required_argument, NULL, OPT_IDLE },
	{ "no-check", no_argument, NULL, OPT_NO_CHECK },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "series", required_argument, NULL, OPT_SERIES },
	{ NULL, 0, NULL, 0 },
};

static void take_flag(struct io_options *options, int which)
{
	switch (which) {
	case OPT_DSYNC:
		options->dsync = true;
		break;
	case OPT_HUGE:
		options->huge = true;
		break;
	case OPT_SPLIT:
		options->split = true;
		break;
	case OPT_POLL:
		options->poll = true;
		break;
	case OPT_NO_CHECK:
		options->check = false;
		break;
	default:
		tool_die(TOOL_USAGE, "see the comment at the head of io.c");
	}
}

static void take_number(struct io_options *options, int which, uint64_t number)
{
	switch (which) {
	case OPT_START:
		options->start = number;
		break;
	case OPT_LENGTH:
		options->length = number;
		break;
	case OPT_MIN:
		options->minimum = (uint32_t)number;
		break;
	case OPT_MAX:
		options->maximum = (uint32_t)number;
		break;
	case OPT_ALIGN:
		options->alignment = (uint32_t)number;
		break;
	case OPT_JOBS:
		options->jobs = (unsigned int)number;
		break;
	case OPT_DEPTH:
		options->depth = (unsigned int)number;
		break;
	case OPT_CPU:
		options->cpu = (int)number;
		break;
	case OPT_COUNT:
		options->count = number;
		break;
	case OPT_MS:
		options->milliseconds = number;
		break;
	case OPT_READS:
		options->read_percent = (unsigned int)number;
		break;
	case OPT_SEED:
		options->seed = number;
		break;
	case OPT_IDLE:
		options->idle_ms = number;
		break;
	case OPT_SLOW:
		options->slow_ms = number;
		break;
	}
}

static void take_options(struct io_options *options, int argc, char **argv)
{
	int which;

	while ((which = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
		if (which == OPT_DEVICE)
			options->device = optarg;
		else if (which == OPT_STATE)
			options->state = optarg;
		else if (which == OPT_SERIES)
			options->series = optarg;
		else if (which != '?' && long_options[which].has_arg)
			take_number(options, which, tool_number(optarg, long_options[which].name));
		else
			take_flag(options, which);
	}
	if (optind != argc || !options->device)
		tool_die(TOOL_USAGE, "--device=/dev/NAME is needed, and nothing but options");
}

static void take_geometry(struct io_options *options)
{
	int fd = open(options->device, O_RDONLY);
	uint64_t size;
	int block;

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size) || ioctl(fd, BLKSSZGET, &block))
		tool_die(TOOL_FAILED, "%s: %s", options->device, strerror(errno));
	close(fd);

	options->block = (uint32_t)block;
	if (options->start >= size)
		tool_die(TOOL_USAGE, "--start lies behind the end of the device");
	if (!options->length || options->length > size - options->start)
		options->length = size - options->start;
	if (options->minimum < options->block)
		options->minimum = options->block;
}

static void check_options(struct io_options *options)
{
	options->cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	if (!options->jobs || !options->depth || options->depth > 4096)
		tool_die(TOOL_USAGE, "--jobs from 1, --depth from 1 to 4096");
	if (options->minimum > options->maximum || options->maximum % options->block ||
	    options->minimum % options->block)
		tool_die(TOOL_USAGE, "--min and --max: multiples of %u, min no more than max",
			 options->block);
	if (!options->alignment || 4096 % options->alignment)
		tool_die(TOOL_USAGE, "--align: a power of two up to 4096");
	if (options->length / options->jobs < 2ull * options->maximum)
		tool_die(TOOL_USAGE, "each job needs room for two requests of --max");
}

/* The jobs' too: they are processes of their own. */
static volatile sig_atomic_t *enough;

static void have_enough(int signal_number)
{
	(void)signal_number;
	*enough = true;
}

static struct io_result *run_jobs(const struct io_options *options, uint64_t started_ns)
{
	struct io_result *results = tool_shared(options->jobs * sizeof(*results));

	enough = tool_shared(sizeof(*enough));
	signal(SIGUSR1, have_enough);
	for (unsigned int job = 0; job < options->jobs; job++) {
		const pid_t child = fork();

		if (child < 0)
			tool_die(TOOL_FAILED, "fork: %s", strerror(errno));
		if (!child) {
			io_job_run(options, job, started_ns, enough, &results[job]);
			_exit(TOOL_OK);
		}
		/* the memory is the child's as well */
		results[job].pid = child;
	}
	for (unsigned int job = 0; job < options->jobs; job++)
		waitpid(results[job].pid, NULL, 0);
	return results;
}

static struct io_result add_up(const struct io_result *results, unsigned int jobs)
{
	struct io_result sum = { .finished = true };

	for (unsigned int job = 0; job < jobs; job++) {
		const struct io_result *one = &results[job];

		sum.reads += one->reads;
		sum.writes += one->writes;
		sum.bytes += one->bytes;
		sum.errors += one->errors;
		sum.mismatches += one->mismatches;
		sum.checked += one->checked;
		sum.slow += one->slow;
		if (one->longest_ns > sum.longest_ns)
			sum.longest_ns = one->longest_ns;
		if (one->ran_ns > sum.ran_ns)
			sum.ran_ns = one->ran_ns;
		if (!sum.first_errno)
			sum.first_errno = one->first_errno;
		sum.finished = sum.finished && one->finished;
	}
	return sum;
}

int main(int argc, char **argv)
{
	struct io_options options = {
		.minimum = 512,
		.maximum = 1 << 20,
		.alignment = 512,
		.jobs = 1,
		.depth = 1,
		.read_percent = 50,
		.seed = 1,
		.slow_ms = 1000,
		.check = true,
	};
	struct io_result sum;
	struct late *late;
	uint64_t started_ns;
	uint64_t late_ms;

	take_options(&options, argc, argv);
	take_geometry(&options);
	check_options(&options);
	late = late_start(options.cpus);
	started_ns = tool_now_ns();
	sum = add_up(run_jobs(&options, started_ns), options.jobs);
	late_ms = late_end(late);

	printf("ios=%" PRIu64 " reads=%" PRIu64 " writes=%" PRIu64 " bytes=%" PRIu64
	       " errors=%" PRIu64 " errno=%d mismatches=%" PRIu64 " checked=%" PRIu64
	       " slow=%" PRIu64 " longest_ms=%" PRIu64 " late_ms=%" PRIu64 " wall_ms=%" PRIu64
	       " ran_ms=%" PRIu64 " finished=%d\n",
	       sum.reads + sum.writes, sum.reads, sum.writes, sum.bytes, sum.errors,
	       sum.first_errno, sum.mismatches, sum.checked, sum.slow, sum.longest_ns / NS_PER_MS,
	       late_ms, (tool_now_ns() - started_ns) / NS_PER_MS, sum.ran_ns / NS_PER_MS,
	       sum.finished);
	return sum.errors || sum.mismatches || !sum.finished ? TOOL_FAILED : TOOL_OK;
}
