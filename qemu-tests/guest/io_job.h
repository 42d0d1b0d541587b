/* SPDX-License-Identifier: GPL-2.0 */
/* One job of the load generator: a CPU, a part of the device of its own, a queue of requests. */
#ifndef IO_JOB_H
#define IO_JOB_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct io_options {
	const char *device;
	uint64_t start;		/* part of the device that may be used, in bytes */
	uint64_t length;
	uint32_t block;		/* logical block size of the device */
	uint32_t minimum;	/* size of a request, in bytes */
	uint32_t maximum;
	uint32_t alignment;	/* of a buffer in memory */
	unsigned int jobs;
	unsigned int depth;
	unsigned int cpus;
	int cpu;		/* first CPU, the jobs are dealt out from there */
	uint64_t count;		/* requests a job; 0: until the time is over */
	uint64_t milliseconds;	/* 0: no limit */
	unsigned int read_percent;
	uint64_t seed;
	uint64_t slow_ms;	/* a request that took this long is counted as slow */
	bool dsync;
	bool huge;
	bool split;		/* some requests get several buffers */
	bool poll;		/* polled requests: nobody is to interrupt for them */
	uint64_t idle_ms;	/* for which nobody polls for what was submitted first */
	bool check;		/* read everything back at the end */
	const char *state;	/* file that keeps what was written, for a later run */
	const char *series;	/* file for "start of the request in ms, its duration in ms" */
};

struct io_result {
	pid_t pid;
	uint64_t reads;
	uint64_t writes;
	uint64_t bytes;
	uint64_t errors;
	uint64_t mismatches;
	uint64_t checked;	/* blocks compared, at any time */
	uint64_t slow;
	uint64_t longest_ns;
	uint64_t ran_ns;	/* from the first request to the end of the last */
	int first_errno;
	bool finished;
};

/*
 * Runs to its end in the calling process, or until somebody sets *enough. started_ns is the
 * run's zero of time.
 */
void io_job_run(const struct io_options *options, unsigned int number, uint64_t started_ns,
		const volatile sig_atomic_t *enough, struct io_result *result);

#endif
