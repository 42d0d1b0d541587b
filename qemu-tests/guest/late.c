// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "late.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

#define NS_PER_MS	1000000u
#define SLEEP_MS	5u
#define WINDOW_NS	(250ull * NS_PER_MS)	/* a sum is over two of them */
#define MOST_CPUS	64u

struct watch {
	pid_t pid;
	uint64_t window;	/* which one since the start */
	uint64_t this_ns;	/* late by, in this window and in the one before */
	uint64_t before_ns;
	uint64_t worst_ns;
};

struct late {
	unsigned int cpus;
	struct watch watches[MOST_CPUS];
};

static void add(struct watch *watch, uint64_t window, uint64_t late_ns)
{
	if (window != watch->window) {
		watch->before_ns = window == watch->window + 1 ? watch->this_ns : 0;
		watch->this_ns = 0;
		watch->window = window;
	}
	watch->this_ns += late_ns;
	if (watch->this_ns + watch->before_ns > watch->worst_ns)
		watch->worst_ns = watch->this_ns + watch->before_ns;
}

static void run(struct watch *watch, unsigned int cpu)
{
	const struct sched_param priority = { .sched_priority = 1 };
	const uint64_t started_ns = tool_now_ns();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* A CPU that is offline keeps nobody waiting. */
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(TOOL_OK);
	if (sched_setscheduler(0, SCHED_FIFO, &priority))
		_exit(TOOL_FAILED);
	for (;;) {
		const uint64_t due_ns = tool_now_ns() + SLEEP_MS * NS_PER_MS;
		uint64_t now_ns;

		tool_sleep_ms(SLEEP_MS);
		now_ns = tool_now_ns();
		if (now_ns > due_ns)
			add(watch, (due_ns - started_ns) / WINDOW_NS, now_ns - due_ns);
	}
}

struct late *late_start(unsigned int cpus)
{
	struct late *late = tool_shared(sizeof(*late));
	const pid_t parent = getpid();

	late->cpus = cpus < MOST_CPUS ? cpus : MOST_CPUS;
	for (unsigned int cpu = 0; cpu < late->cpus; cpu++) {
		const pid_t child = fork();

		if (child < 0)
			tool_die(TOOL_FAILED, "fork: %s", strerror(errno));
		if (!child) {
			tool_end_with(parent);
			run(&late->watches[cpu], cpu);
		}
		late->watches[cpu].pid = child;
	}
	return late;
}

uint64_t late_end(struct late *late)
{
	uint64_t worst_ns = 0;

	for (unsigned int cpu = 0; cpu < late->cpus; cpu++) {
		kill(late->watches[cpu].pid, SIGKILL);
		waitpid(late->watches[cpu].pid, NULL, 0);
		if (late->watches[cpu].worst_ns > worst_ns)
			worst_ns = late->watches[cpu].worst_ns;
	}
	munmap(late, sizeof(*late));
	return worst_ns / NS_PER_MS;
}
