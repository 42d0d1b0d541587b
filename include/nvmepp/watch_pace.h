/* SPDX-License-Identifier: GPL-2.0 */
/* How often the watchdog checks for a lost interrupt.  The rules of core.h. */
#ifndef NVMEPP_WATCH_PACE_H
#define NVMEPP_WATCH_PACE_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The watchdog's pace on one controller; all zeroes: nothing has been lost.  After a lost
 * interrupt it ticks every NPP_WATCH_LEAST_US, and slows down to its normal tick as time
 * goes by.  A device that has lost one interrupt often loses more.
 */
struct npp_watch_pace {
	u64 lost_ms;    /* when the last interrupt was lost */
	u32 least_us;   /* the shortest tick; 0: nothing has been lost */
};

#define NPP_WATCH_LEAST_US 2000u
#define NPP_WATCH_LATE_MAX_US 1000000u
#define NPP_WATCH_CALM_MS 30000u
#define NPP_WATCH_FORGET_MS 60000u

/*
 * The length of the next tick in microseconds: a thousandth of the time since the last
 * loss, at least the shortest tick, and at most @normal_us (1..).
 * Context: any.  Excludes: writers of @p.  Sleeps: no.
 */
u32 npp_watch_tick_us(const struct npp_watch_pace *p, u64 now_ms, u32 normal_us);

/*
 * An interrupt was lost at @now_ms.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
void npp_watch_lost(struct npp_watch_pace *p, u64 now_ms);

/*
 * The queue that has lost interrupts is polled: the pace is as NPP_WATCH_CALM_MS later, until
 * another is lost.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
void npp_watch_calm(struct npp_watch_pace *p);

/*
 * The interrupt that passed for lost has come after all: the shortest tick was too short
 * for this machine, and is twice as long from now on, NPP_WATCH_LATE_MAX_US at most.  It is
 * NPP_WATCH_LEAST_US again at the first loss after NPP_WATCH_FORGET_MS without one.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
void npp_watch_late(struct npp_watch_pace *p);

#ifdef __cplusplus
}
#endif

#endif
