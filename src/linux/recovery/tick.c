// SPDX-License-Identifier: GPL-2.0
/*
 * A tick of the watchdog: which queue has moved, which is idle, and on which a completion
 * waits without its interrupt.
 */

#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/smp.h>

#include "base/noio.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_CONFIRM_MAX_US 2000u
#define NPP_LATE_MAX_MS 100	/* after a silent loss; then it was none that is late */
#define NPP_ADMIN_TICK_US 50000u /* of the admin queue, for which no I/O waits; at least */

static void npp_nop(void *unused)
{
}

/*
 * A CPU that the hypervisor has not run for a while, or that has had interrupts
 * disabled, has the interrupt waiting: it is late, not lost.  Once that CPU has
 * answered a call it has had the chance to take it.
 */
static void npp_wait_for_pending_irq(const struct npp_hwq *q, unsigned int wait_us)
{
	const struct cpumask *mask;
	unsigned int cpu;

	/* The interrupt of an admin command's waiter may be freed meanwhile. */
	rcu_read_lock();
	mask = irq_get_effective_affinity_mask(q->irq);
	cpu = mask ? cpumask_any_and(mask, cpu_online_mask) : nr_cpu_ids;
	rcu_read_unlock();
	if (cpu < nr_cpu_ids)
		smp_call_function_single(cpu, npp_nop, NULL, 1);
	usleep_range(wait_us / 2, wait_us);
}

/*
 * NPP_CQ_STALLED was said of @q: is it still so, now that the interrupt has had the chance
 * to be taken?  The vector is to be diagnosed before.  Context: process; @tick_us: how long
 * a tick is.
 */
bool npp_stall_is_a_loss(const struct npp_hwq *q, const struct npp_stall *stall,
			 unsigned int tick_us)
{
	npp_wait_for_pending_irq(q, min(tick_us, NPP_CONFIRM_MAX_US));
	return npp_stall_confirmed(stall, npp_queue_taken(&q->core), READ_ONCE(q->interrupts),
				   npp_queue_pending(&q->core));
}

/*
 * The first half of a tick: what has been reaped since the last one.  A handler that reaps
 * meanwhile may be seen with all its entries taken and the last one waiting: it has not
 * counted its interrupt by then, so that the next tick sees that it has.
 */
bool npp_check_progress(struct npp_hwq *q, struct npp_stall *stall)
{
	const u64 taken = npp_queue_taken(&q->core);
	const u64 interrupts = READ_ONCE(q->interrupts);

	/* Of a queue that is idle the ring's cache line is left alone. */
	if (taken == stall->taken)
		return false;
	return npp_stall_progress(stall, taken, interrupts, npp_queue_pending(&q->core));
}

/* The second half of a tick: nothing was reaped since the last one. */
static enum npp_stall_state npp_check_stall(struct npp_hwq *q, struct npp_stall *stall,
					    unsigned int tick_us)
{
	return npp_stall_tick(stall, READ_ONCE(q->interrupts), npp_queue_pending(&q->core),
			      npp_stall_ticks(q->dev->coalescing_ms * USEC_PER_MSEC, tick_us));
}

static void npp_check_stalled_cq(struct npp_hwq *q, unsigned int tick_us)
{
	switch (npp_check_stall(q, &q->stall, tick_us)) {
	case NPP_CQ_DIAGNOSE:
		q->stall_loss = npp_diagnose_vector(q);
		break;
	case NPP_CQ_STALLED:
		if (npp_stall_is_a_loss(q, &q->stall, tick_us))
			npp_recover_stalled_cq(q);
		break;
	default:
		break;
	}
}

/* Have the interrupts come back?  Context: process. */
void npp_check_fallback_poll(struct npp_hwq *q)
{
	const u64 taken = npp_queue_taken(&q->core);
	const u64 handled = npp_irqs_handled(q);
	enum npp_irq_action action;
	const unsigned int noio = npp_lock_noio(&q->health_lock);

	action = npp_irq_health_polled(&q->health, handled - q->irqs_at_last_loss,
				       taken - q->stall.taken);
	q->irqs_at_last_loss = handled;
	if (action == NPP_IRQ_RESUME)
		npp_fallback_poll_end(q);
	else if (q->health.fallback_poll)
		npp_retry_vector_restore(q);
	npp_unlock_noio(&q->health_lock, noio);
}

/* True if the queue is to be watched further: the mark may have been missed. */
static bool npp_watch_idle(struct npp_hwq *q)
{
	if (q->watchdog_marked && READ_ONCE(q->arm_watchdog))
		return false;
	WRITE_ONCE(q->arm_watchdog, true);
	q->watchdog_marked = true;
	return true;
}

/*
 * The interrupt of a silent loss has come after all, if one has come since then that found
 * nothing: its own completion was taken by the poll, or by another that was late too.  The
 * ticks are too short for how late this machine can be.  What has been waiting for some of
 * them begins anew, since they become longer.
 */
static void npp_check_late_irq(struct npp_hwq *q, unsigned int tick_us)
{
	struct npp_dev *dev = q->dev;
	unsigned int noio, qid;

	if (npp_os_now_ms() - READ_ONCE(q->last_loss_ms) >= NPP_LATE_MAX_MS) {
		WRITE_ONCE(q->maybe_late, false);
		return;
	}
	if (npp_irqs_for_nothing(q) == READ_ONCE(q->for_nothing_at_last_loss))
		return;
	WRITE_ONCE(q->maybe_late, false);
	noio = npp_lock_noio(&q->health_lock);
	npp_irq_health_late(&q->health);
	npp_unlock_noio(&q->health_lock, noio);
	npp_watchdog_late(dev);
	if (npp_watchdog_paced_us(dev) <= tick_us)
		return;
	for (qid = 1; qid <= dev->irq_queues; qid++)
		dev->queues[qid].stall.ticks = 0;
}

/*
 * No task waits for an asynchronous event: its lost interrupt would be found by the next
 * admin command only.  While there is I/O, the watchdog checks the admin queue too.
 */
static void npp_check_admin_cq(struct npp_dev *dev, unsigned int tick_us)
{
	struct npp_hwq *q = &dev->queues[0];

	if (READ_ONCE(q->maybe_late))
		npp_check_late_irq(q, tick_us);
	if (npp_check_progress(q, &dev->admin_stall) ||
	    npp_check_stall(q, &dev->admin_stall, tick_us) != NPP_CQ_STALLED)
		return;
	/* That a queue in fallback-poll mode loses interrupts is known. */
	if (READ_ONCE(q->fallback_poll))
		npp_poll_irqdisable(q);
	else if (npp_stall_is_a_loss(q, &dev->admin_stall, tick_us))
		npp_recover_lost_irq(q);
}

/* True if the queue is to be watched further.  Context: the watchdog's work. */
static bool npp_watchdog_check_queue(struct npp_hwq *q, bool watching, unsigned int tick_us)
{
	if (unlikely(READ_ONCE(q->health.fallback_poll)))
		npp_check_fallback_poll(q);
	if (!watching && !READ_ONCE(q->fallback_poll))
		return false;
	if (unlikely(READ_ONCE(q->maybe_late)))
		npp_check_late_irq(q, tick_us);
	if (npp_check_progress(q, &q->stall)) {
		q->watchdog_marked = false;
		return true;
	}
	/* Until it is known whether the interrupt was late. */
	if (npp_queue_idle(&q->core))
		return npp_watch_idle(q) || READ_ONCE(q->maybe_late);
	/* Nothing has been taken since the last tick: has the device missed a doorbell? */
	if (!npp_queue_pending(&q->core))
		npp_ring_again(q);
	/* A submitter that missed the mark: it is watched all the same. */
	q->watchdog_marked = false;
	if (READ_ONCE(q->arm_watchdog))
		WRITE_ONCE(q->arm_watchdog, false);
	if (READ_ONCE(q->fallback_poll))
		npp_fallback_poll_start(q);
	else if (watching)
		npp_check_stalled_cq(q, tick_us);
	return true;
}

static unsigned int npp_watched_queues(const struct npp_dev *dev)
{
	return min(dev->io_queues, dev->irq_queues);
}

/* It has been idle since the mark, which no submitter has missed. */
static bool npp_queue_sleeps(const struct npp_hwq *q)
{
	return q->watchdog_marked && READ_ONCE(q->arm_watchdog) && npp_queue_idle(&q->core);
}

/* More is to be checked than whether it moves. */
static bool npp_queue_has_a_past(const struct npp_hwq *q)
{
	return READ_ONCE(q->health.fallback_poll) || READ_ONCE(q->maybe_late);
}

/*
 * Nothing for the work: on each queue before @end completions have been taken since the
 * last tick, or it is idle; not on all of them, which the work ends the ticks for.
 */
static bool npp_all_queues_well(const struct npp_hwq *q, const struct npp_hwq *end)
{
	bool moved = false;

	for (; q < end; q++) {
		if (npp_queue_has_a_past(q))
			return false;
		if (npp_queue_taken(&q->core) != q->stall.taken)
			moved = true;
		else if (!npp_queue_sleeps(q))
			return false;
	}
	return moved;
}

static bool npp_admin_tick_is_due(const struct npp_dev *dev, u64 now_ns)
{
	return now_ns - dev->admin_ticked_ns >= NPP_ADMIN_TICK_US * NSEC_PER_USEC;
}

/* No completion of an admin command waits, and no event: what the work would find by itself. */
static bool npp_admin_queue_well(struct npp_dev *dev, u64 now_ns)
{
	struct npp_hwq *q = &dev->queues[0];

	if (READ_ONCE(q->maybe_late) || npp_queue_pending(&q->core))
		return false;
	if (!npp_check_progress(q, &dev->admin_stall))
		dev->admin_stall.ticks = 0;
	dev->admin_ticked_ns = now_ns;
	return true;
}

/*
 * A tick of a controller that is well, without waking the work: NPP_TICK_WORK where that is
 * needed.  Context: hard interrupt, watch_busy held.
 */
enum npp_tick npp_watchdog_quick_tick(struct npp_dev *dev, u64 now_ns)
{
	enum npp_tick tick = NPP_TICK_WELL;
	struct npp_hwq *q = &dev->queues[1];
	struct npp_hwq *const end = q + npp_watched_queues(dev);

	if (!npp_watchdog_enabled(dev) || !npp_all_queues_well(q, end))
		return NPP_TICK_WORK;
	if (npp_admin_tick_is_due(dev, now_ns) && !npp_admin_queue_well(dev, now_ns))
		return NPP_TICK_WORK;
	for (; q < end; q++) {
		if (!npp_check_progress(q, &q->stall))
			continue;
		q->watchdog_marked = false;
		if (q->stall.ticks)
			tick = NPP_TICK_IN_DOUBT;
	}
	dev->ticked_ns = now_ns;
	return tick;
}

/*
 * A tick.  Returns whether there is anything to be watched further.  Context: the watchdog's
 * work, watch_busy held.
 */
bool npp_watchdog_tick(struct npp_dev *dev, u64 now_ns, unsigned int tick_us)
{
	const bool watching = npp_watchdog_enabled(dev);
	bool further = false;
	unsigned int qid;

	for (qid = 1; qid <= npp_watched_queues(dev); qid++)
		further |= npp_watchdog_check_queue(&dev->queues[qid], watching, tick_us);
	if (watching && npp_admin_tick_is_due(dev, now_ns)) {
		dev->admin_ticked_ns = now_ns;
		npp_check_admin_cq(dev, max(tick_us, NPP_ADMIN_TICK_US));
	}
	return further;
}
