// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: detects a completion without its interrupt, long before the
 * block layer's timeout and whatever that is.
 *
 * A timer of the controller ticks twice in lost_irq_ms while commands are in flight.  A
 * healthy queue costs it one of the cache lines that I/O uses: something has been taken
 * since the last tick.  For anything else it queues a work.  A completion that has been
 * waiting for two whole ticks, with the queue's head and its count of interrupts unmoved,
 * is looked at.  So a lost interrupt costs between one and two times lost_irq_ms, and the
 * time in which a late one could still come.  After one that was lost the ticks are short
 * for a while (core/pace.hpp): the next ones cost a few milliseconds.
 *
 * Nothing in flight: the work ends, and leaves q->arm_watchdog behind for the next
 * submission.  A submitter that has not seen it yet is why the work comes once
 * more before it ends; that is cheaper than a barrier in every submission.  It comes
 * once more after a mark of its own: one that the poll timer has left just now says
 * nothing of how long a submitter may have missed it.
 *
 * A queue that is polled by timer is watched even if lost_irq_ms or lost_irq_action
 * switch the watchdog off: the timer needs it in that case.
 */

#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irq.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>

#include "base/noio.h"
#include "base/params.h"
#include "compat/compat.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_CONFIRM_MAX_US 2000u
#define NPP_LATE_MAX_MS 100	/* after a silent loss; then it was none that is late */
#define NPP_ADMIN_TICK_US 50000u /* of the admin queue, for which no I/O waits; at least */
#define NPP_TICK_OFF_MS 50	/* of queues that are polled, with lost_irq_ms=0 */

/* The length of a tick while nothing has been lost. */
static unsigned int npp_watchdog_tick_us(void)
{
	return READ_ONCE(npp_params.lost_irq_ms) * (USEC_PER_MSEC / 2) ?:
	       NPP_TICK_OFF_MS * USEC_PER_MSEC;
}

bool npp_watchdog_enabled(const struct npp_dev *dev)
{
	return READ_ONCE(npp_params.lost_irq_ms) && READ_ONCE(dev->irq_cap) != NPP_IRQ_CAP_OFF;
}

static void npp_watchdog_start_timer(struct npp_dev *dev, unsigned int tick_us)
{
	hrtimer_start(&dev->watch_timer, ns_to_ktime((u64)tick_us * NSEC_PER_USEC),
		      HRTIMER_MODE_REL);
}

/* Since the first loss. */
static noinline unsigned int npp_watchdog_short_tick_us(const struct npp_dev *dev)
{
	/* Two words that do not belong together give a tick that is right within a second. */
	const struct npp_watch_pace pace = {
		.lost_ms = READ_ONCE(dev->watch_pace.lost_ms),
		.least_us = READ_ONCE(dev->watch_pace.least_us),
	};

	return npp_watch_tick_us(&pace, npp_os_now_ms(), npp_watchdog_tick_us());
}

/* The tick that is due now: shorter for a while after a loss.  Context: any. */
static unsigned int npp_watchdog_paced_us(const struct npp_dev *dev)
{
	/* Nearly always, and it spares the clock. */
	if (likely(!READ_ONCE(dev->watch_pace.least_us)))
		return npp_watchdog_tick_us();
	return npp_watchdog_short_tick_us(dev);
}

/* An interrupt was lost: others may be.  Context: process. */
void npp_watchdog_lost(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	npp_watch_lost(&dev->watch_pace, npp_os_now_ms());
	spin_unlock(&dev->watch_lock);
}

/*
 * The first submission after idleness.
 * Context: any, with the submission lock held.
 */
void npp_watchdog_arm(struct npp_hwq *q)
{
	const bool polling = READ_ONCE(q->fallback_poll);

	WRITE_ONCE(q->arm_watchdog, false);
	if (polling)
		npp_fallback_poll_start(q);
	else if (!npp_watchdog_enabled(q->dev))
		return;
	/*
	 * A tick that is due is not put off, or many submitters would put it off for ever.
	 * The command, then the timer; the work of a tick: the timer, then the commands.
	 */
	smp_mb();
	if (!hrtimer_is_queued(&q->dev->watch_timer))
		npp_watchdog_start_timer(q->dev, npp_watchdog_paced_us(q->dev));
}

/*
 * Settings have changed: whatever is in flight is watched from now on, and does
 * not wait for a tick of the old length.  Not while a reset owns the queues, which have
 * no commands then: the first submission after it wakes the watchdog.
 */
void npp_watchdog_kick(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	if (dev->watch_enabled && npp_watchdog_enabled(dev))
		queue_work(npp_wq, &dev->watch_work);
	spin_unlock(&dev->watch_lock);
}

static void npp_watch_enable(struct npp_dev *dev, bool enabled)
{
	spin_lock(&dev->watch_lock);
	dev->watch_enabled = enabled;
	spin_unlock(&dev->watch_lock);
}

/* The queues serve I/O.  Context: probe, or the reset work before the disks go on. */
void npp_watchdog_start(struct npp_dev *dev)
{
	npp_watch_enable(dev, true);
}

/*
 * The queues are about to be taken down, and nothing is submitted any more.  Idempotent.
 * Context: process.
 */
void npp_watchdog_stop(struct npp_dev *dev)
{
	/* From here on the work does not start the timer; then nothing queues the work. */
	npp_watch_enable(dev, false);
	hrtimer_cancel(&dev->watch_timer);
	cancel_work_sync(&dev->watch_work);
}

/*
 * The bound controllers.  Not driver_for_each_device(): a callback that waits for the
 * device's lock holds a reference to the list's node, which removal waits for with that
 * lock held.  Nothing else is locked inside this mutex.
 */
static LIST_HEAD(npp_watched);
static DEFINE_MUTEX(npp_watched_lock);

/* Context: probe, with the controller live. */
void npp_watchdog_add(struct npp_dev *dev)
{
	npp_watchdog_start(dev);
	mutex_lock(&npp_watched_lock);
	list_add_tail(&dev->watch_entry, &npp_watched);
	mutex_unlock(&npp_watched_lock);
}

/* After this npp_watchdog_kick_all() knows nothing of @dev.  Context: remove. */
void npp_watchdog_remove(struct npp_dev *dev)
{
	mutex_lock(&npp_watched_lock);
	list_del(&dev->watch_entry);
	mutex_unlock(&npp_watched_lock);
}

/* From here on the losses of a queue are found by its own timer.  Context: process. */
void npp_watchdog_calm(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	npp_watch_calm(&dev->watch_pace);
	spin_unlock(&dev->watch_lock);
}

/* A module parameter has changed.  Context: process, the parameters' lock held. */
void npp_watchdog_kick_all(void)
{
	struct npp_dev *dev;

	mutex_lock(&npp_watched_lock);
	list_for_each_entry(dev, &npp_watched, watch_entry)
		npp_watchdog_kick(dev);
	mutex_unlock(&npp_watched_lock);
}

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
 * its completion taken: the ticks are too short for how late this machine can be.  What has
 * been waiting for some of them begins anew, since they become longer.
 */
static void npp_check_late_irq(struct npp_hwq *q, unsigned int tick_us)
{
	struct npp_dev *dev = q->dev;
	unsigned int noio, qid;

	if (READ_ONCE(q->late) == READ_ONCE(q->late_at_last_loss)) {
		if (npp_os_now_ms() - READ_ONCE(dev->watch_pace.lost_ms) >= NPP_LATE_MAX_MS)
			WRITE_ONCE(q->maybe_late, false);
		return;
	}
	WRITE_ONCE(q->maybe_late, false);
	noio = npp_lock_noio(&q->health_lock);
	npp_irq_health_late(&q->health);
	npp_unlock_noio(&q->health_lock, noio);
	spin_lock(&dev->watch_lock);
	npp_watch_late(&dev->watch_pace);
	spin_unlock(&dev->watch_lock);
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
	if (npp_stall_progress(&dev->admin_stall, npp_queue_taken(&q->core)) ||
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
	const u64 taken = npp_queue_taken(&q->core);

	if (unlikely(READ_ONCE(q->health.fallback_poll)))
		npp_check_fallback_poll(q);
	if (!watching && !READ_ONCE(q->fallback_poll))
		return false;
	if (unlikely(READ_ONCE(q->maybe_late)))
		npp_check_late_irq(q, tick_us);
	if (npp_stall_progress(&q->stall, taken)) {
		q->watchdog_marked = false;
		return true;
	}
	if (npp_queue_idle(&q->core))
		return npp_watch_idle(q);
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

/* The next tick, unless the queues are about to be taken down. */
static void npp_watchdog_requeue(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	if (dev->watch_enabled)
		npp_watchdog_start_timer(dev, npp_watchdog_paced_us(dev));
	spin_unlock(&dev->watch_lock);
}

static unsigned int npp_watched_queues(const struct npp_dev *dev)
{
	return min(dev->io_queues, dev->irq_queues);
}

static bool npp_queue_moved(const struct npp_hwq *q)
{
	return npp_queue_taken(&q->core) != q->stall.taken;
}

/* It has been idle since the mark, which no submitter has missed. */
static bool npp_queue_sleeps(const struct npp_hwq *q)
{
	return q->watchdog_marked && READ_ONCE(q->arm_watchdog) && npp_queue_idle(&q->core);
}

/* Nothing for the work: completions have been taken since the last tick, or it is idle. */
static bool npp_queue_is_well(const struct npp_hwq *q)
{
	if (READ_ONCE(q->health.fallback_poll) || READ_ONCE(q->fallback_poll) ||
	    READ_ONCE(q->maybe_late))
		return false;
	return npp_queue_moved(q) || npp_queue_sleeps(q);
}

/* All queues are well, and one at least has moved: what the work would find by itself. */
static bool npp_all_queues_well(const struct npp_dev *dev)
{
	bool moved = false;
	unsigned int qid;

	for (qid = 1; qid <= npp_watched_queues(dev); qid++) {
		if (!npp_queue_is_well(&dev->queues[qid]))
			return false;
		moved |= npp_queue_moved(&dev->queues[qid]);
	}
	return moved;
}

static bool npp_admin_tick_is_due(const struct npp_dev *dev, u64 now_ns)
{
	return now_ns - dev->admin_ticked_ns >= NPP_ADMIN_TICK_US * NSEC_PER_USEC;
}

/*
 * A tick of a controller that is well, without waking the work.  Context: hard interrupt,
 * watch_busy held.
 */
static bool npp_watchdog_quick_tick(struct npp_dev *dev, u64 now_ns)
{
	unsigned int qid;

	if (!npp_watchdog_enabled(dev) || npp_admin_tick_is_due(dev, now_ns) ||
	    !npp_all_queues_well(dev))
		return false;
	for (qid = 1; qid <= npp_watched_queues(dev); qid++) {
		struct npp_hwq *q = &dev->queues[qid];

		if (npp_stall_progress(&q->stall, npp_queue_taken(&q->core)))
			q->watchdog_marked = false;
	}
	dev->ticked_ns = now_ns;
	return true;
}

/* Context: hard interrupt. */
static enum hrtimer_restart npp_watchdog_timer(struct hrtimer *timer)
{
	struct npp_dev *dev = container_of(timer, struct npp_dev, watch_timer);
	bool well = false;

	if (!test_and_set_bit_lock(0, &dev->watch_busy)) {
		well = npp_watchdog_quick_tick(dev, ktime_get_ns());
		clear_bit_unlock(0, &dev->watch_busy);
	}
	/* Not HRTIMER_RESTART: a submission may have started it meanwhile. */
	if (well)
		npp_watchdog_start_timer(dev, npp_watchdog_paced_us(dev));
	else
		queue_work(npp_wq, &dev->watch_work);
	return HRTIMER_NORESTART;
}

/* A tick.  Returns whether there is anything to be watched further. */
static bool npp_watchdog_tick(struct npp_dev *dev, u64 now_ns, unsigned int tick_us)
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

static void npp_watchdog_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(work, struct npp_dev, watch_work);
	/* Who would write memory back to our disks may wait for what this is to find. */
	const unsigned int noio = memalloc_noio_save();
	const unsigned int tick_us = npp_watchdog_paced_us(dev);
	bool further = true;
	u64 now_ns;

	/* The timer, on another CPU, goes on or queues this work again. */
	if (test_and_set_bit_lock(0, &dev->watch_busy))
		goto out;
	/* The timer of a submission may have run out while the last tick took long. */
	now_ns = ktime_get_ns();
	if (now_ns - dev->ticked_ns >= tick_us * (NSEC_PER_USEC / 2)) {
		further = npp_watchdog_tick(dev, now_ns, tick_us);
		dev->ticked_ns = ktime_get_ns();
	}
	clear_bit_unlock(0, &dev->watch_busy);
	if (further)
		npp_watchdog_requeue(dev);
out:
	memalloc_noio_restore(noio);
}

/* Context: probe. */
void npp_watchdog_init(struct npp_dev *dev)
{
	spin_lock_init(&dev->watch_lock);
	INIT_WORK(&dev->watch_work, npp_watchdog_work);
	npp_hrtimer_setup(&dev->watch_timer, npp_watchdog_timer);
}
