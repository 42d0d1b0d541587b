/* SPDX-License-Identifier: GPL-2.0 */
/* One random call of the NVMe user interface after the other, and whether its answer may be. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "ring.h"

#define FUZZ_SCRATCH	1u	/* the namespace that may change */

enum fuzz_kind { FUZZ_CONTROLLER, FUZZ_GENERIC, FUZZ_BLOCK, FUZZ_KINDS };

struct fuzz_node {
	const char *path;
	enum fuzz_kind kind;
	bool read_only;
	uint32_t nsid;		/* that it is of; a controller's: FUZZ_SCRATCH */
	int fd;
};

/* Written by the worker, read by who watches it. */
struct fuzz_state {
	uint64_t began_ns;		/* the call that is on; 0: none */
	uint64_t calls;
	uint64_t unknown;		/* calls with a number that there is not */
	uint64_t good;			/* that returned 0 or more */
	uint64_t refused;		/* with EACCES */
	uint64_t rings;			/* by io_uring */
	uint64_t resets;		/* asked for */
	char text[160];			/* the call that is on */
};

struct fuzz {
	uint64_t random;
	bool privileged;
	struct fuzz_node *nodes;
	int count;
	struct fuzz_state *state;
	struct ring ring;
	uint64_t may_reset_ns;		/* not before: verified I/O survives five in a row */
};

void fuzz_prepare(struct fuzz *f);
/* Ends the program with what was wrong if the answer may not be. */
void fuzz_call(struct fuzz *f);

#endif
