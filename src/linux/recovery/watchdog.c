// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: sees a completion that nobody has heard of, long before the
 * block layer's timeout and whatever that is.
 *
 * A work of the controller ticks twice in lost_irq_ms while commands are in
 * flight.  A healthy queue costs it one of the cache lines that I/O uses: something
 * has been taken since the last tick.  A completion that has been waiting for two
 * whole ticks, with the queue's head and its count of interrupts unmoved, is looked
 * at.  So a lost interrupt costs between one and two times lost_irq_ms.
 *
 * Nothing in flight: the work ends, and leaves q->arm_watchdog behind for the next
 * submission.  A submitter that has not seen it yet is why the work comes once
 * more before it ends; that is cheaper than a barrier in every submission.
 */

#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>

#include "base/params.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

static unsigned int npp_watchdog_tick_ms(void)
{
	return READ_ONCE(npp_params.lost_irq_ms) / 2;
}

bool npp_watchdog_enabled(const struct npp_dev *dev)
{
	return npp_watchdog_tick_ms() && READ_ONCE(dev->irq_cap) != NPP_IRQ_CAP_OFF;
}

static void npp_watchdog_requeue(struct npp_dev *dev)
{
	if (npp_watchdog_enabled(dev))
		queue_delayed_work(npp_wq, &dev->watch_work,
				   msecs_to_jiffies(max(npp_watchdog_tick_ms(), 1u)));
}

/*
 * The first submission after idleness.
 * Context: any, with the submission lock held.
 */
void npp_watchdog_arm(struct npp_hwq *q)
{
	WRITE_ONCE(q->arm_watchdog, false);
	if (READ_ONCE(q->fallback_poll))
		npp_fallback_poll_start(q);
	npp_watchdog_requeue(q->dev);
}

/*
 * Settings have changed: whatever is in flight is watched from now on, and does
 * not wait for a tick of the old length.
 */
void npp_watchdog_kick(struct npp_dev *dev)
{
	if (npp_watchdog_enabled(dev))
		mod_delayed_work(npp_wq, &dev->watch_work, 0);
}

void npp_watchdog_stop(struct npp_dev *dev)
{
	cancel_delayed_work_sync(&dev->watch_work);
}

static void npp_nop(void *unused)
{
}

/*
 * A CPU that the hypervisor has not run for a while, or that has had interrupts
 * disabled, has the interrupt waiting: it is late, not lost.  Once that CPU has
 * answered a call it has had the chance to take it.
 */
static void npp_wait_for_pending_irq(const struct npp_hwq *q)
{
	const struct cpumask *mask = irq_get_effective_affinity_mask(q->irq);
	unsigned int cpu = mask ? cpumask_any_and(mask, cpu_online_mask) : nr_cpu_ids;

	if (cpu < nr_cpu_ids)
		smp_call_function_single(cpu, npp_nop, NULL, 1);
	usleep_range(1000, 2000);
}

static unsigned int npp_watchdog_stall_ticks(const struct npp_dev *dev)
{
	return npp_stall_ticks(dev->coalescing_ms, max(npp_watchdog_tick_ms(), 1u));
}

/* The second half of a tick: nothing was reaped since the last one. */
static enum npp_stall_state npp_check_stall(struct npp_hwq *q, struct npp_stall *stall)
{
	return npp_stall_tick(stall, READ_ONCE(q->interrupts), npp_queue_pending(&q->core),
			      npp_watchdog_stall_ticks(q->dev));
}

static void npp_check_stalled_cq(struct npp_hwq *q)
{
	switch (npp_check_stall(q, &q->stall)) {
	case NPP_CQ_DIAGNOSE:
		q->stall_loss = npp_diagnose_vector(q);
		break;
	case NPP_CQ_STALLED:
		npp_wait_for_pending_irq(q);
		if (npp_stall_confirmed(&q->stall, npp_queue_taken(&q->core),
					READ_ONCE(q->interrupts), npp_queue_pending(&q->core)))
			npp_recover_stalled_cq(q);
		break;
	default:
		break;
	}
}

/*
 * Nobody waits for an asynchronous event: its lost interrupt would be found by the next
 * admin command only.  While there is I/O, the watchdog checks the admin queue too.
 */
static void npp_check_admin_cq(struct npp_dev *dev)
{
	struct npp_hwq *q = &dev->queues[0];

	if (npp_stall_progress(&dev->admin_stall, npp_queue_taken(&q->core)) ||
	    npp_check_stall(q, &dev->admin_stall) != NPP_CQ_STALLED)
		return;
	/* That a queue in fallback-poll mode loses interrupts is known. */
	if (READ_ONCE(q->fallback_poll))
		npp_poll_irqdisable(q);
	else
		npp_recover_lost_irq(q);
}

/* Have the interrupts come back?  Context: process. */
void npp_check_fallback_poll(struct npp_hwq *q)
{
	const u64 taken = npp_queue_taken(&q->core);
	const u64 heard = npp_irqs_handled(q);
	enum npp_irq_action action;

	mutex_lock(&q->health_lock);
	action = npp_irq_health_polled(&q->health, heard - q->irqs_at_last_loss,
				       taken - q->stall.taken);
	q->irqs_at_last_loss = heard;
	if (action == NPP_IRQ_RESUME)
		npp_fallback_poll_end(q);
	else if (q->health.fallback_poll)
		npp_retry_vector_restore(q);
	mutex_unlock(&q->health_lock);
}

/* True if the queue is to be watched further.  Context: the watchdog's work. */
static bool npp_watchdog_check_queue(struct npp_hwq *q)
{
	const u64 taken = npp_queue_taken(&q->core);

	if (unlikely(READ_ONCE(q->health.fallback_poll)))
		npp_check_fallback_poll(q);
	if (npp_stall_progress(&q->stall, taken))
		return true;
	if (npp_queue_idle(&q->core)) {
		if (READ_ONCE(q->arm_watchdog))
			return false;
		WRITE_ONCE(q->arm_watchdog, true);
		return true;
	}
	/* A submitter that missed the mark: it is watched all the same. */
	if (READ_ONCE(q->arm_watchdog))
		WRITE_ONCE(q->arm_watchdog, false);
	if (READ_ONCE(q->fallback_poll))
		npp_fallback_poll_start(q);
	else
		npp_check_stalled_cq(q);
	return true;
}

void npp_watchdog_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(to_delayed_work(work), struct npp_dev, watch_work);
	/* Who would write memory back to our disks may wait for what this is to find. */
	const unsigned int noio = memalloc_noio_save();
	bool further = false;
	unsigned int qid;

	for (qid = 1; qid <= min(dev->io_queues, dev->irq_queues); qid++)
		further |= npp_watchdog_check_queue(&dev->queues[qid]);
	npp_check_admin_cq(dev);
	if (further)
		npp_watchdog_requeue(dev);
	memalloc_noio_restore(noio);
}
