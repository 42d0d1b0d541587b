// SPDX-License-Identifier: GPL-2.0
/*
 * A queue polled by timer, when its interrupts cannot be relied on.  The timer
 * and the handler, whose return is waited for, take the poll lock.
 */

#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "base/log.h"
#include "base/noio.h"
#include "base/trace.h"
#include "block/dma.h"
#include "compat/compat.h"
#include "queue/queue.h"

/* As the handler would, which takes the lock too. */
static unsigned int npp_fallback_poll_reap(struct npp_hwq *q)
{
	unsigned int taken;
	unsigned long flags;

	spin_lock_irqsave(&q->poll_lock, flags);
	taken = npp_queue_reap(&q->core, &q->reap);
	npp_taken_outside(q, taken);
	npp_end_batch(q);
	spin_unlock_irqrestore(&q->poll_lock, flags);
	return taken;
}

/*
 * Nothing in flight: the timer stops, and the next submission starts it.  The
 * mark comes before the second poll at the queue.  A submitter has no barrier
 * between its command and its read of the mark, so in theory both may miss each
 * other; the watchdog, which ticks until the queue is idle, starts the timer then.
 */
static bool npp_fallback_poll_may_stop(struct npp_hwq *q)
{
	if (!npp_queue_idle(&q->core))
		return false;
	WRITE_ONCE(q->arm_watchdog, true);
	smp_mb(); /* the mark, then the poll; a submitter: the command, then the mark */
	return npp_queue_idle(&q->core);
}

/*
 * When the next completion is due (core/poll_pace.hpp), seldom while none comes, never while
 * there are no commands.
 * Context: hard interrupt.
 */
static enum hrtimer_restart npp_fallback_poll_timer(struct hrtimer *timer)
{
	struct npp_hwq *q = container_of(timer, struct npp_hwq, poll_timer);
	const unsigned int taken = npp_fallback_poll_reap(q);
	const u64 next_ns =
		npp_poll_pace_next(&q->poll_pace, taken, npp_queue_in_flight(&q->core));
	unsigned long flags;
	bool again;

	q->polled += taken;
	spin_lock_irqsave(&q->timer_lock, flags);
	again = !npp_fallback_poll_may_stop(q);
	q->timer_armed = again;
	if (again)
		hrtimer_set_expires(timer, ktime_add_ns(ktime_get(), next_ns));
	spin_unlock_irqrestore(&q->timer_lock, flags);
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

void npp_fallback_poll_init(struct npp_hwq *q)
{
	spin_lock_init(&q->timer_lock);
	npp_hrtimer_setup(&q->poll_timer, npp_fallback_poll_timer);
}

/* Starts the timer if it is not running.  Context: any. */
void npp_fallback_poll_start(struct npp_hwq *q)
{
	unsigned long flags;

	spin_lock_irqsave(&q->timer_lock, flags);
	if (q->timer_wanted && !q->timer_armed) {
		q->timer_armed = true;
		hrtimer_start(&q->poll_timer,
			      ns_to_ktime(npp_poll_pace_start(&q->poll_pace)),
			      HRTIMER_MODE_REL);
	}
	spin_unlock_irqrestore(&q->timer_lock, flags);
}

static void npp_fallback_poll_want(struct npp_hwq *q, bool wanted)
{
	unsigned long flags;

	spin_lock_irqsave(&q->timer_lock, flags);
	q->timer_wanted = wanted;
	spin_unlock_irqrestore(&q->timer_lock, flags);
}

/*
 * The timer has to be gone for good before the handler reaps without the lock
 * again: a submitter may be about to start it.
 */
static void npp_fallback_poll_stop(struct npp_hwq *q)
{
	npp_fallback_poll_want(q, false);
	hrtimer_cancel(&q->poll_timer);
	q->timer_armed = false;
	npp_set_fallback_poll(q, false);
}

/* Context: process, q->health_lock held. */
void npp_fallback_poll_begin(struct npp_hwq *q)
{
	if (!npp_set_fallback_poll(q, true)) {
		q->health.fallback_poll = false;
		return;
	}
	/* Not for the admin queue: the waiter for a command polls it. */
	npp_fallback_poll_want(q, q->qid);
	npp_fallback_poll_start(q);
	trace_nvmepp_mode(q, true);
	npp_log_mode(q, true);
	npp_send_queue_uevent(q, NPP_UEVENT_DEGRADED);
}

/* Context: process, q->health_lock held. */
void npp_fallback_poll_end(struct npp_hwq *q)
{
	npp_fallback_poll_stop(q);
	trace_nvmepp_mode(q, false);
	npp_log_mode(q, false);
	npp_send_queue_uevent(q, NPP_UEVENT_RECOVERED);
}

/*
 * The queue has no interrupt any more, and with it no mode; no line in the log.  With the
 * lock of those who begin to poll, who find that out inside it.  Idempotent.
 * Context: process.
 */
void npp_fallback_poll_quit(struct npp_hwq *q)
{
	const unsigned int noio = npp_lock_noio(&q->health_lock);

	npp_fallback_poll_stop(q);
	q->health.fallback_poll = false;
	npp_unlock_noio(&q->health_lock, noio);
}
