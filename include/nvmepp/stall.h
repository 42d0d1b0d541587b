/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stall detector of a completion queue: a completion waits, and no interrupt
 * comes.  The rules of core.h.
 */
#ifndef NVMEPP_STALL_H
#define NVMEPP_STALL_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What was seen of one completion queue.  All zeroes: nothing yet. */
struct npp_stall {
	u64 taken;       /* entries reaped, at the last tick */
	u64 interrupts;  /* the count when a completion was first seen waiting */
	u32 ticks;       /* for which it has been waiting; the first one counts */
};

enum npp_stall_state {
	NPP_CQ_NOT_STALLED,  /* no completion waits, or an interrupt came */
	NPP_CQ_WAITING,
	NPP_CQ_DIAGNOSE,     /* waiting for a whole tick: diagnose the vector now */
	NPP_CQ_STALLED,      /* waiting for @limit ticks; the detector starts over */
};

/*
 * Ticks (@tick_us each, 1..) for which a completion waits until the queue counts as
 * stalled: two, or longer than the device may hold back an interrupt (Interrupt
 * Coalescing, NVM command set 1.0, 4.1.4.2).
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_stall_ticks(u32 coalescing_us, u32 tick_us);

/*
 * First half of a tick: have entries been reaped since the last one?  Then nothing is
 * stalled, and the second half is not needed; a completion that waits now, as @pending
 * says, is measured from here.  @interrupts is the queue's count.
 * Context: any.  Excludes: other users of @s.  Sleeps: no.
 */
bool npp_stall_progress(struct npp_stall *s, u64 taken, u64 interrupts, bool pending);

/*
 * Second half: @interrupts is the queue's count, @pending whether a completion waits.
 * Context: any.  Excludes: other users of @s.  Sleeps: no.
 */
enum npp_stall_state npp_stall_tick(struct npp_stall *s, u64 interrupts, bool pending, u32 limit);

/*
 * After NPP_CQ_STALLED: is everything still as it was at that tick?
 * Context: any.  Excludes: writers of @s.  Sleeps: no.
 */
bool npp_stall_confirmed(const struct npp_stall *s, u64 taken, u64 interrupts, bool pending);

/*
 * Where a histogram counts a stall of @ms: bucket 0 is below 1 ms, bucket n from 2^(n-1) ms
 * to below 2^n, and the last one has what is longer, too.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_stall_bucket(u64 ms);
#define NPP_STALL_BUCKETS 18u  /* the last: from 65,536 ms on */

#ifdef __cplusplus
}
#endif

#endif
