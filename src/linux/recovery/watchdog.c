// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: detects a completion without its interrupt, long before the
 * block layer's timeout and whatever that is.  Here is when it ticks; what a tick checks
 * is in tick.c.
 *
 * A timer of the controller ticks once in lost_irq_ms while commands are in flight.  A
 * healthy queue costs it three of the cache lines that I/O uses: something has been taken
 * since the last tick, and no completion waits.  Where one does the timer ticks twice in
 * that time, and where nothing has been taken it queues a work.  The queue is polled for
 * a completion that has been waiting for two whole ticks, with the queue's head and its
 * count of interrupts unmoved.  So a lost interrupt costs between one and two times
 * lost_irq_ms, and the time in which a late one could still come.  After one that was lost
 * the ticks are short for a while (core/watch_pace.hpp): the next ones cost a few milliseconds.
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

#include <linux/hrtimer.h>
#include <linux/sched/mm.h>

#include "base/params.h"
#include "compat/compat.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_WATCH_OFF_MS 100	/* for queues that are polled, with lost_irq_ms=0 */

/* The length of a tick while a queue is in doubt, and nothing has been lost. */
static unsigned int npp_watchdog_tick_us(void)
{
	return (READ_ONCE(npp_params.lost_irq_ms) ?: NPP_WATCH_OFF_MS) * (USEC_PER_MSEC / 2);
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
unsigned int npp_watchdog_paced_us(const struct npp_dev *dev)
{
	/* Nearly always, and it spares the clock. */
	if (likely(!READ_ONCE(dev->watch_pace.least_us)))
		return npp_watchdog_tick_us();
	return npp_watchdog_short_tick_us(dev);
}

/* The next tick after one that found all queues well: twice as long if nothing has been lost. */
static unsigned int npp_watchdog_well_us(const struct npp_dev *dev)
{
	const unsigned int paced_us = npp_watchdog_paced_us(dev);

	return paced_us < npp_watchdog_tick_us() ? paced_us : 2 * paced_us;
}

/* An interrupt was lost: others may be.  Context: process. */
void npp_watchdog_lost(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	npp_watch_lost(&dev->watch_pace, npp_os_now_ms());
	spin_unlock(&dev->watch_lock);
}

/* An interrupt that passed for lost was late.  Context: process. */
void npp_watchdog_late(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	npp_watch_late(&dev->watch_pace);
	spin_unlock(&dev->watch_lock);
}

/* From here on the losses of a queue are found by its own timer.  Context: process. */
void npp_watchdog_calm(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	npp_watch_calm(&dev->watch_pace);
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

/* A module parameter has changed.  Context: process, the parameters' lock held. */
void npp_watchdog_kick_all(void)
{
	struct npp_dev *dev;

	mutex_lock(&npp_watched_lock);
	list_for_each_entry(dev, &npp_watched, watch_entry)
		npp_watchdog_kick(dev);
	mutex_unlock(&npp_watched_lock);
}

/* The next tick, unless the queues are about to be taken down. */
static void npp_watchdog_requeue(struct npp_dev *dev)
{
	spin_lock(&dev->watch_lock);
	if (dev->watch_enabled)
		npp_watchdog_start_timer(dev, npp_watchdog_paced_us(dev));
	spin_unlock(&dev->watch_lock);
}

/* Context: hard interrupt. */
static enum hrtimer_restart npp_watchdog_timer(struct hrtimer *timer)
{
	struct npp_dev *dev = container_of(timer, struct npp_dev, watch_timer);
	enum npp_tick tick = NPP_TICK_WORK;

	if (!test_and_set_bit_lock(0, &dev->watch_busy)) {
		tick = npp_watchdog_quick_tick(dev, ktime_get_ns());
		clear_bit_unlock(0, &dev->watch_busy);
	}
	/* Not HRTIMER_RESTART: a submission may have started it meanwhile. */
	if (tick == NPP_TICK_WELL)
		npp_watchdog_start_timer(dev, npp_watchdog_well_us(dev));
	else if (tick == NPP_TICK_IN_DOUBT)
		npp_watchdog_start_timer(dev, npp_watchdog_paced_us(dev));
	else
		queue_work(npp_wq, &dev->watch_work);
	return HRTIMER_NORESTART;
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
