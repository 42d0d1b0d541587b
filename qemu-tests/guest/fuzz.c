// SPDX-License-Identifier: GPL-2.0
/*
 * Random calls of the NVMe user interface for a while:
 *
 *   fuzz [--compat] [--returns] SEED MS UID NODE...
 *
 * NODE: a controller's (nvme<N>), a generic one (ng...), a disk's or a partition's; with :ro at its
 * end it is opened for reading only. --compat: also as a 32-bit program (x86-64). --returns: a node
 * whose controller has gone is opened again until it is there. Two workers at a time, which give up
 * root for UID unless that is 0; each has a thread that changes what the kernel reads. SIGUSR1
 * ends them early.
 * Prints one line of counters: name=N ... (FUZZ_COUNTERS). Fails where an answer may not be, or a
 * call takes longer than LONGEST_S. Which calls there are depends on SEED alone, what resets meet
 * them on time.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
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
static bool *stop;

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

/* What follows the last n: its namespace, and maybe p and a partition. */
static void read_name(struct fuzz_node *node)
{
	const char *end = strrchr(node->path, 'n') + 1;
	char *after;

	node->kind = kind_of(node->path);
	node->nsid = FUZZ_SCRATCH;
	if (node->kind == FUZZ_CONTROLLER)
		return;
	node->nsid = strtoul(end, &after, 10);
	node->partition = *after == 'p';
}

static int read_nodes(char **paths, int count)
{
	if (count > MOST_NODES)
		tool_die(TOOL_USAGE, "at most %d nodes", MOST_NODES);
	for (int i = 0; i < count; i++) {
		nodes[i] = (struct fuzz_node){ .path = paths[i], .read_only = takes_ro(paths[i]) };
		read_name(&nodes[i]);
	}
	return count;
}

/* Each worker its own: who holds one that has gone holds the controller's number. */
static void open_nodes(int count)
{
	for (int i = 0; i < count; i++) {
		nodes[i].fd = open(nodes[i].path, nodes[i].read_only ? O_RDONLY : O_RDWR);
		if (nodes[i].fd < 0)
			tool_die(TOOL_FAILED, "%s: %s", nodes[i].path, strerror(errno));
	}
}

static void work(struct fuzz *f, uid_t uid, pid_t parent)
{
	open_nodes(f->count);
	fuzz_prepare(f);
	if (uid && setuid(uid))
		tool_die(TOOL_FAILED, "setuid: %s", strerror(errno));
	tool_end_with(parent);
	while (fuzz_goes_on(f))
		fuzz_step(f);
	exit(TOOL_OK);
}

static void end_early(int number)
{
	(void)number;
	*stop = true;
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

#define COUNTER(name) { #name, offsetof(struct fuzz_state, name) }

static uint64_t counted(const struct fuzz_state *state, size_t at)
{
	uint64_t value;

	memcpy(&value, (const char *)state + at, sizeof(value));
	return value;
}

static void report(const char *seed, const struct fuzz_state *states)
{
	static const struct {
		const char *name;
		size_t at;
	} counters[] = {
		COUNTER(calls),
		COUNTER(unknown),
		COUNTER(good),
		COUNTER(refused),
		COUNTER(rings),
		COUNTER(together),
		COUNTER(closed),
		COUNTER(resets),
		COUNTER(parts),
		COUNTER(parts_refused),
		COUNTER(compat),
		COUNTER(compat_reads),
		COUNTER(changes),
		COUNTER(reopened),
	};

	printf("seed=%s", seed);
	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		uint64_t sum = 0;

		for (int worker = 0; worker < WORKERS; worker++)
			sum += counted(&states[worker], counters[i].at);
		printf(" %s=%llu", counters[i].name, (unsigned long long)sum);
	}
	putchar('\n');
}

static bool takes_option(int *argc, char ***argv, const char *option)
{
	if (*argc < 2 || strcmp((*argv)[1], option))
		return false;
	(*argc)--;
	(*argv)++;
	return true;
}

static void start_worker(const struct fuzz *f, uid_t uid)
{
	struct fuzz own = *f;
	const pid_t parent = getpid();

	switch (fork()) {
	case 0:
		work(&own, uid, parent);
		break;
	case -1:
		tool_die(TOOL_FAILED, "fork: %s", strerror(errno));
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	struct fuzz_state *states = tool_shared(WORKERS * sizeof(*states));
	struct fuzz f = { .nodes = nodes };
	uid_t uid;

	f.compat = takes_option(&argc, &argv, "--compat");
	f.returns = takes_option(&argc, &argv, "--returns");
	if (argc < 5)
		tool_die(TOOL_USAGE, "[--compat] [--returns] SEED MS UID NODE...");
	stop = tool_shared(sizeof(*stop));
	f.stop = stop;
	f.end_ns = tool_now_ns() + tool_number(argv[2], "MS") * 1000000;
	f.count = read_nodes(argv + 4, argc - 4);
	uid = tool_number(argv[3], "UID");
	f.privileged = !uid;
	signal(SIGUSR1, end_early);
	for (int i = 0; i < WORKERS; i++) {
		f.random = tool_number(argv[1], "SEED") * WORKERS + i;
		f.state = &states[i];
		start_worker(&f, uid);
	}
	watch(states);
	report(argv[1], states);
	return TOOL_OK;
}
