// SPDX-License-Identifier: GPL-2.0
/*
 * Random calls of the NVMe user interface for a while:
 *
 *   fuzz SEED MS UID NODE...
 *
 * NODE: a controller's (nvme<N>), a generic one (ng...) or a disk's; with :ro at its end it is
 * opened for reading only. Two workers at a time, which give up root for UID unless that is 0.
 * Prints "seed=N calls=N unknown=N good=N refused=N rings=N resets=N"; fails where an answer may
 * not be, or a call takes longer than LONGEST_S. Which calls there are depends on SEED alone, what
 * resets meet them on time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz_calls.h"
#include "fuzz_memory.h"
#include "tool.h"

#define WORKERS		2
#define MOST_NODES	8
#define NS_PER_S	1000000000ull
#define LONGEST_S	60u	/* what hangs does so for longer */

static struct fuzz_node nodes[MOST_NODES];

static enum fuzz_kind kind_of(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	if (!strncmp(name, "ng", 2))
		return FUZZ_GENERIC;
	return strchr(name + 1, 'n') ? FUZZ_BLOCK : FUZZ_CONTROLLER;
}

/* Whether :ro is at the end, which is cut off. */
static bool takes_ro(char *path)
{
	char *end = strrchr(path, ':');

	if (!end)
		return false;
	if (strcmp(end, ":ro"))
		tool_die(TOOL_USAGE, "%s: only :ro may follow", path);
	*end = '\0';
	return true;
}

static uint32_t nsid_of(const char *path)
{
	return tool_number(strrchr(path, 'n') + 1, path);
}

static void open_nodes(char **paths, int count)
{
	if (count > MOST_NODES)
		tool_die(TOOL_USAGE, "at most %d nodes", MOST_NODES);
	for (int i = 0; i < count; i++) {
		nodes[i] = (struct fuzz_node){ .path = paths[i], .read_only = takes_ro(paths[i]) };
		nodes[i].kind = kind_of(paths[i]);
		nodes[i].nsid = nodes[i].kind == FUZZ_CONTROLLER ? FUZZ_SCRATCH : nsid_of(paths[i]);
		nodes[i].fd = open(paths[i], nodes[i].read_only ? O_RDONLY : O_RDWR);
		if (nodes[i].fd < 0)
			tool_die(TOOL_FAILED, "%s: %s", paths[i], strerror(errno));
	}
}

static void work(struct fuzz *f, uint64_t end_ns, uid_t uid)
{
	fuzz_memory_prepare();
	fuzz_prepare(f);
	if (uid && setuid(uid))
		tool_die(TOOL_FAILED, "setuid: %s", strerror(errno));
	while (tool_now_ns() < end_ns)
		fuzz_call(f);
	exit(TOOL_OK);
}

static void expect_progress(const struct fuzz_state *state)
{
	const uint64_t began_ns = __atomic_load_n(&state->began_ns, __ATOMIC_ACQUIRE);

	if (began_ns && tool_now_ns() - began_ns > LONGEST_S * NS_PER_S)
		tool_die(TOOL_FAILED, "call %llu does not return: %s",
			 (unsigned long long)state->calls, state->text);
}

/* Until all workers have ended, well. */
static void watch(const struct fuzz_state *states)
{
	int left = WORKERS, status;

	while (left) {
		const pid_t ended = waitpid(-1, &status, WNOHANG);

		if (ended > 0 && status)
			tool_die(TOOL_FAILED, "a worker has ended with status 0x%x", status);
		left -= ended > 0;
		for (int i = 0; i < WORKERS; i++)
			expect_progress(&states[i]);
		tool_sleep_ms(20);
	}
}

static void report(const char *seed, const struct fuzz_state *states)
{
	struct fuzz_state sum = { 0 };

	for (int i = 0; i < WORKERS; i++) {
		sum.calls += states[i].calls;
		sum.unknown += states[i].unknown;
		sum.good += states[i].good;
		sum.refused += states[i].refused;
		sum.rings += states[i].rings;
		sum.resets += states[i].resets;
	}
	printf("seed=%s calls=%llu unknown=%llu good=%llu refused=%llu rings=%llu resets=%llu\n",
	       seed, (unsigned long long)sum.calls, (unsigned long long)sum.unknown,
	       (unsigned long long)sum.good, (unsigned long long)sum.refused,
	       (unsigned long long)sum.rings, (unsigned long long)sum.resets);
}

int main(int argc, char **argv)
{
	struct fuzz_state *states;
	uint64_t end_ns;

	if (argc < 5)
		tool_die(TOOL_USAGE, "SEED MS UID NODE...");
	states = tool_shared(WORKERS * sizeof(*states));
	end_ns = tool_now_ns() + tool_number(argv[2], "MS") * 1000000;
	open_nodes(argv + 4, argc - 4);
	for (int i = 0; i < WORKERS; i++) {
		struct fuzz f = {
			.random = tool_number(argv[1], "SEED") * WORKERS + i,
			.privileged = !tool_number(argv[3], "UID"),
			.nodes = nodes,
			.count = argc - 4,
			.state = &states[i],
		};

		switch (fork()) {
		case 0:
			work(&f, end_ns, tool_number(argv[3], "UID"));
			break;
		case -1:
			tool_die(TOOL_FAILED, "fork: %s", strerror(errno));
		default:
			break;
		}
	}
	watch(states);
	report(argv[1], states);
	return TOOL_OK;
}
