// SPDX-License-Identifier: GPL-2.0
/*
 * A queue polled by timer, when its interrupts cannot be relied on.  The timer
 * and the handler, whose return is waited for, take the poll lock.
 */

#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "nvmepp.h"
#include "trace.h"

#define NPP_POLL_MIN_NS (50 * NSEC_PER_USEC)
#define NPP_POLL_MAX_NS (10 * NSEC_PER_MSEC)

static unsigned int npp_poll_reap(struct npp_hwq *q)
{
	DEFINE_IO_COMP_BATCH(batch);
	struct npp_reap reap = { .q = q, .batch = &batch };
	unsigned int taken;
	unsigned long flags;

	spin_lock_irqsave(&q->poll_lock, flags);
	taken = npp_queue_reap(&q->core, &reap);
	if (taken)
		q->taken_by_look = true;
	spin_unlock_irqrestore(&q->poll_lock, flags);
	if (!npp_batch_empty(&batch))
		npp_complete_batch(&batch);
	return taken;
}

/*
 * Often while commands complete, seldom while they do not, never while there are
 * none; q->wake then restarts it, and as with the watchdog it comes once more
 * for a submitter that has not seen the mark.
 * Context: hard interrupt.
 */
static enum hrtimer_restart npp_poll(struct hrtimer *timer)
{
	struct npp_hwq *q = container_of(timer, struct npp_hwq, poll_timer);
	const unsigned int taken = npp_poll_reap(q);

	q->polled += taken;
	q->poll_ns = taken ? NPP_POLL_MIN_NS : min_t(u64, 2 * q->poll_ns, NPP_POLL_MAX_NS);
	if (npp_queue_idle(&q->core)) {
		if (q->poll_idle)
			return HRTIMER_NORESTART;
		q->poll_idle = true;
		q->poll_ns = NPP_POLL_MAX_NS;
		WRITE_ONCE(q->wake, true);
	} else {
		q->poll_idle = false;
	}
	hrtimer_forward_now(timer, ns_to_ktime(q->poll_ns));
	return HRTIMER_RESTART;
}

void npp_poll_init(struct npp_hwq *q)
{
	npp_hrtimer_setup(&q->poll_timer, npp_poll);
}

/* Context: any. */
void npp_poll_start(struct npp_hwq *q)
{
	hrtimer_start(&q->poll_timer, ns_to_ktime(NPP_POLL_MIN_NS), HRTIMER_MODE_REL);
}

/* Udev may want to tell somebody. */
static void npp_poll_uevent(struct npp_hwq *q, const char *event)
{
	char queue[24], ctrl[32];
	char *env[4] = { (char *)event, ctrl, queue };

	snprintf(queue, sizeof(queue), "NVMEPP_QUEUE=%u", q->qid);
	snprintf(ctrl, sizeof(ctrl), "NVMEPP_CTRL=%s", q->dev->name);
	kobject_uevent_env(&q->dev->pdev->dev.kobj, KOBJ_CHANGE, env);
}

/* Context: process, q->health_lock held. */
void npp_poll_begin(struct npp_hwq *q)
{
	q->poll_ns = NPP_POLL_MIN_NS;
	q->poll_idle = false;
	npp_set_polling(q, true);
	if (q->qid)	/* whoever waits for an admin command polls himself */
		npp_poll_start(q);
	trace_nvmepp_mode(q, true);
	npp_log_mode(q, true);
	npp_poll_uevent(q, "NVMEPP_EVENT=degraded");
}

/* Context: process, q->health_lock held. */
void npp_poll_end(struct npp_hwq *q)
{
	npp_set_polling(q, false);
	hrtimer_cancel(&q->poll_timer);
	trace_nvmepp_mode(q, false);
	npp_log_mode(q, false);
	npp_poll_uevent(q, "NVMEPP_EVENT=recovered");
}

/* The queue is going away: no story about it.  Idempotent.  Context: process. */
void npp_poll_quit(struct npp_hwq *q)
{
	npp_set_polling(q, false);
	hrtimer_cancel(&q->poll_timer);
	mutex_lock(&q->health_lock);
	q->health.polling = false;
	mutex_unlock(&q->health_lock);
}
