/* SPDX-License-Identifier: GPL-2.0 */
/* How often a queue in fallback poll is polled.  The rules of core.h. */
#ifndef NVMEPP_POLL_PACE_H
#define NVMEPP_POLL_PACE_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The pace of a queue in fallback poll; all zeroes: nothing is known of the device.  The
 * first poll is when half of the commands have completed, and each further one after an
 * eighth of the time that it has taken so far.
 */
struct npp_poll_pace {
	u64 waited_ns;  /* since the queue ceased to be idle, or completions were last found */
	u64 usual_ns;   /* the first poll's, since then */
};

#define NPP_POLL_MIN_NS 5000u
#define NPP_POLL_BUSY_NS 50000u   /* the least with several commands in flight */
#define NPP_POLL_MAX_NS 10000000u

/*
 * The queue is no longer idle.  Returns the nanoseconds until its first poll,
 * NPP_POLL_MIN_NS..NPP_POLL_MAX_NS.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
u64 npp_poll_pace_start(struct npp_poll_pace *p);

/*
 * A poll has found @found completions, and @in_flight commands are left.  Returns
 * the nanoseconds until the next one, NPP_POLL_MIN_NS..NPP_POLL_MAX_NS; at least
 * NPP_POLL_BUSY_NS where several are in flight: there the delay costs no throughput, and one
 * poll finds several.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
u64 npp_poll_pace_next(struct npp_poll_pace *p, u32 found, u32 in_flight);

#ifdef __cplusplus
}
#endif

#endif
