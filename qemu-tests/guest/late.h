/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long the guest itself was kept waiting, by a host that had other work: a stall is the
 * driver's only as far as it is longer than that.
 */
#ifndef LATE_H
#define LATE_H

#include <stdint.h>

struct late;

/* Watches every CPU from now on, in processes of their own with real-time priority. */
struct late *late_start(unsigned int cpus);

/*
 * Ends them. Returns the most that a CPU was late by, summed over any half second, in ms: a
 * request that waits for several steps can be late at each of them.
 */
uint64_t late_end(struct late *late);

#endif
