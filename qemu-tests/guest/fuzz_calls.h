/* SPDX-License-Identifier: GPL-2.0 */
/* Random calls of the NVMe user interface, one after the other, and whether each answer may be. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include <linux/nvme_ioctl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "ring.h"

#define FUZZ_SCRATCH	1u	/* the namespace that may change */
#define FUZZ_DEPTH	8u	/* commands of a ring that are in flight together, at most */

enum fuzz_kind { FUZZ_CONTROLLER, FUZZ_GENERIC, FUZZ_BLOCK, FUZZ_KINDS };

struct fuzz_node {
	const char *path;
	enum fuzz_kind kind;
	bool partition;
	bool read_only;
	uint32_t nsid;		/* that it is of; a controller's: FUZZ_SCRATCH */
	int fd;
};

struct fuzz_call {
	const struct fuzz_node *node;
	unsigned int number;	/* of the ioctl, or the ring's operation */
	bool ring;
	bool compat;		/* as a 32-bit program's */
	bool known;		/* there is such a call for this node */
	bool vector;
	bool fixed;		/* with a buffer that the ring has registered */
	bool open;		/* a ring's that is not answered */
	struct nvme_passthru_cmd64 c;
	struct nvme_user_io io;
};

/* Written by the worker, read by who watches it. */
struct fuzz_state {
	uint64_t began_ns;		/* what is on; 0: nothing */
	uint64_t calls;
	uint64_t unknown;	/* with a number that there is not */
	uint64_t good;		/* that returned 0 or more */
	uint64_t refused;	/* with EACCES */
	uint64_t rings;		/* by io_uring */
	uint64_t together;	/* of those, beside others of the same ring */
	uint64_t closed;	/* and of those, in flight when the ring was closed */
	uint64_t resets;	/* asked for */
	uint64_t parts;		/* commands done by a partition's node */
	uint64_t parts_refused;
	uint64_t compat;	/* by the entry of 32-bit programs */
	uint64_t compat_reads;	/* of those, done, with data from the device */
	uint64_t changes;	/* of memory while it may be read */
	uint64_t reopened;	/* nodes, since their controller had gone */
	char text[160];			/* of the last call that was made */
};

struct fuzz {
	uint64_t random;
	uint64_t end_ns;
	bool privileged;
	bool compat;			/* such calls, too */
	bool returns;			/* the nodes come back when they have gone */
	struct fuzz_node *nodes;
	int count;
	struct fuzz_state *state;
	const bool *stop;
	struct ring ring;
	pthread_mutex_t ring_lock;	/* the ring stays where it is */
	uint64_t may_reset_ns;		/* not before: verified I/O survives five in a row */
	uint64_t may_close_ns;		/* the ring */
	unsigned int gone;		/* bits: nodes whose controller this step found gone */
};

/* fuzz_calls.c: what is asked for */
void fuzz_make_ioctl(struct fuzz *f, struct fuzz_call *call);
void fuzz_make_ring(struct fuzz *f, struct fuzz_call *call);
bool fuzz_is_admin(const struct fuzz_call *call);
void fuzz_describe(const struct fuzz_call *call, char *text, size_t bytes);

/* fuzz_judge.c: ends the program with what was wrong if this answer may not be */
void fuzz_judge(struct fuzz *f, const struct fuzz_call *call, int ret);

/* fuzz_send.c: one ioctl, or several commands of a ring */
bool fuzz_goes_on(const struct fuzz *f);
void fuzz_prepare(struct fuzz *f);
void fuzz_step(struct fuzz *f);

#endif
