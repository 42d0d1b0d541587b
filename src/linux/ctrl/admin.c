// SPDX-License-Identifier: GPL-2.0
/*
 * Admin commands: sent one by one, waited for.  They obey the rule of I/O: a
 * wait that runs out looks at the queue before anything is done about it.
 *
 * dev->admin_lock guards submission, the tags and the waiters.  A tag whose
 * waiter has given up stays busy until the queue is restarted: the controller
 * may still answer.
 */

#include <linux/bitops.h>
#include <linux/sched.h>

#include "base/log.h"
#include "base/page.h"
#include "base/params.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_ADMIN_ALL_TAGS GENMASK(NPP_EVENT_TAG - 1, 0)

/* The status of a command, without the phase bit, keeps positive. */
static void npp_admin_finish(struct npp_admin_wait *wait, int error, u64 result)
{
	wait->error = error;
	wait->result = result;
	complete(&wait->done);
}

/* Context: the admin queue's handler, or a poll. */
void npp_admin_complete(struct npp_hwq *q, u16 tag, u16 status, u64 result)
{
	struct npp_dev *dev = q->dev;
	struct npp_admin_wait *wait;
	unsigned long flags;

	/* No task waits for those. */
	if (tag == NPP_EVENT_TAG) {
		npp_complete_async_event(dev, status, lower_32_bits(result));
		return;
	}
	spin_lock_irqsave(&dev->admin_lock, flags);
	wait = dev->waiters[tag];
	dev->waiters[tag] = NULL;
	dev->admin_busy &= ~BIT(tag);
	if (wait) {
		wait->found_by_poll = q->reap.irqdisable;
		npp_admin_finish(wait, status, result);
	}
	spin_unlock_irqrestore(&dev->admin_lock, flags);
	wake_up(&dev->admin_free);
}

/*
 * The controller is disabled and the queue about to be restarted: end all waits with
 * an error.  Precedes npp_queue_restart().
 */
void npp_admin_cancel_all(struct npp_dev *dev)
{
	unsigned long flags;
	int tag;

	spin_lock_irqsave(&dev->admin_lock, flags);
	for (tag = 0; tag < NPP_ADMIN_TAGS; tag++) {
		if (dev->waiters[tag])
			npp_admin_finish(dev->waiters[tag], -ECANCELED, 0);
		dev->waiters[tag] = NULL;
	}
	dev->queues[0].cancelled += hweight_long(dev->admin_busy);
	dev->admin_busy = 0;
	npp_cancel_async_event(dev);
	spin_unlock_irqrestore(&dev->admin_lock, flags);
	wake_up_all(&dev->admin_free);
}

/*
 * Returns 0 when sent, -EAGAIN when every tag is busy, -ENODEV when the queue
 * is not for this caller: while it is being brought up, it is the bringer's.
 */
static int npp_admin_try_send(struct npp_dev *dev, const struct npp_sqe *sqe,
			      struct npp_admin_wait *wait, u16 *tag)
{
	struct npp_hwq *q = &dev->queues[0];
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&dev->admin_lock, flags);
	if (!q->enabled || (dev->bring_up_task && dev->bring_up_task != current)) {
		err = -ENODEV;
	} else if (dev->admin_busy == NPP_ADMIN_ALL_TAGS) {
		err = -EAGAIN;
	} else {
		*tag = ffz(dev->admin_busy);
		dev->admin_busy |= BIT(*tag);
		dev->waiters[*tag] = wait;
		npp_submit_raw(&q->core, *tag, sqe);
		npp_queue_ring(&q->core);
	}
	spin_unlock_irqrestore(&dev->admin_lock, flags);
	return err;
}

static int npp_admin_send(struct npp_dev *dev, const struct npp_sqe *sqe,
			  struct npp_admin_wait *wait, u16 *tag)
{
	int err;

	init_completion(&wait->done);
	wait_event(dev->admin_free,
		   (err = npp_admin_try_send(dev, sqe, wait, tag)) != -EAGAIN);
	return err;
}

/* After this a late completion finds no waiter. */
static void npp_admin_abandon(struct npp_dev *dev, u16 tag, struct npp_admin_wait *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->admin_lock, flags);
	if (dev->waiters[tag] == wait)
		dev->waiters[tag] = NULL;
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}

/*
 * Commands of an orderly shutdown, and of an attempt to bring the controller up again,
 * have less time than others, which have ended by then.
 */
static unsigned int npp_admin_limit_ms(const struct npp_dev *dev)
{
	if (dev->bring_up_task != current)
		return npp_params.admin_timeout_ms;
	if (dev->shutdown_cmd_timeout_ms)
		return dev->shutdown_cmd_timeout_ms;
	/* No I/O waits for a controller that is being probed. */
	if (npp_ctrl_state(&dev->ctrl) == NPP_NEW)
		return npp_params.admin_timeout_ms;
	return npp_attempt_ms(dev, npp_reconnect_answer_ms(dev->reconnect.failed,
							   npp_params.io_timeout_ms,
							   npp_params.admin_timeout_ms));
}

/* As npp_timeout() for requests.  True if the waiter leaves: it is a bring-up's. */
static bool npp_admin_timed_out(struct npp_dev *dev, struct npp_admin_wait *wait, u16 tag,
				enum npp_extensions extensions)
{
	struct npp_timeout_facts facts = {
		.extensions = extensions,
		.of_bring_up = dev->bring_up_task == current,
	};
	const struct npp_timed_out_cmd cmd = {
		.q = &dev->queues[0],
		.wait = wait,
		.tag = tag,
		.timeout_ms = wait->timeout_ms,
	};
	struct npp_timeout_poll poll;
	const enum npp_timeout_action action = npp_handle_timeout(&cmd, &facts, &poll);

	npp_log_timeout(&cmd, &poll, &facts, action);
	if (action == NPP_TIMEOUT_RESET)
		npp_request_reset(dev, NPP_RESET_ADMIN_TIMEOUT);
	else if (action == NPP_TIMEOUT_FAIL_CTRL)
		npp_fail_ctrl(dev, facts.gone ? NPP_RESET_DEVICE_GONE : NPP_RESET_REMOVAL);
	return action == NPP_TIMEOUT_ABANDON;
}

#define NPP_ADMIN_POLL_MS 10
#define NPP_ADMIN_WATCH_MS 50u		/* lost_irq_ms at least: no I/O waits for these */
#define NPP_ADMIN_ABORT_MS 100		/* until a bring-up that is to end has noticed */
#define NPP_ADMIN_SLICE_MS 10000	/* a longer sleep would be reported as a hung task */

/* The waiter's own interval is one whole tick. */
static void npp_admin_check_stalled_cq(struct npp_hwq *q, struct npp_stall *stall)
{
	if (npp_check_progress(q, stall))
		return;
	if (npp_stall_tick(stall, READ_ONCE(q->interrupts), npp_queue_pending(&q->core), 1) ==
		    NPP_CQ_STALLED &&
	    npp_stall_is_a_loss(q, stall, NPP_ADMIN_WATCH_MS * USEC_PER_MSEC))
		npp_recover_lost_irq(q);
}

/* A bring-up that others have ended: held, failed, or removed by shutdown. */
static bool npp_is_aborted(struct npp_dev *dev)
{
	const enum npp_state state = npp_ctrl_state(&dev->ctrl);

	return dev->bring_up_task == current && !dev->shutdown_cmd_timeout_ms &&
	       state != NPP_NEW && state != NPP_CONNECTING && state != NPP_DELETING_RESET;
}

/* For how long the waiter sleeps before it checks the queue. */
static unsigned long npp_admin_slice(struct npp_dev *dev)
{
	if (READ_ONCE(dev->queues[0].fallback_poll))
		return msecs_to_jiffies(NPP_ADMIN_POLL_MS);
	if (npp_watchdog_enabled(dev))
		return msecs_to_jiffies(max(READ_ONCE(npp_params.lost_irq_ms),
					    NPP_ADMIN_WATCH_MS));
	return msecs_to_jiffies(dev->bring_up_task == current ? NPP_ADMIN_ABORT_MS :
								NPP_ADMIN_SLICE_MS);
}

/*
 * Waits until the command is done, at most @limit jiffies.  The waiter is the admin
 * queue's watchdog, in bring-up and reset too.
 */
static bool npp_admin_wait_watching(struct npp_dev *dev, struct npp_admin_wait *wait,
				    unsigned long limit)
{
	struct npp_hwq *q = &dev->queues[0];
	const unsigned long end = jiffies + limit;
	struct npp_stall stall = { .taken = npp_queue_taken(&q->core) };
	bool done;

	do {
		const long left = end - jiffies;

		done = wait_for_completion_timeout(&wait->done,
						   clamp_t(long, left, 0, npp_admin_slice(dev)));
		if (!done && READ_ONCE(q->fallback_poll))
			npp_poll_irqdisable(q);
		else if (!done && npp_watchdog_enabled(dev))
			npp_admin_check_stalled_cq(q, &stall);
	} while (!done && time_before(jiffies, end) && !npp_is_aborted(dev));
	if (done && READ_ONCE(q->fallback_poll))
		npp_check_fallback_poll(q);
	return done;
}

/*
 * Waits until the command is done, or until nothing can come any more.  The
 * memory that the command names may be written by the controller until then, so
 * a waiter leaves early only where its caller disables the controller next: in
 * bring-up.
 */
static int npp_admin_wait(struct npp_dev *dev, struct npp_admin_wait *wait, u16 tag)
{
	const unsigned long limit = msecs_to_jiffies(wait->timeout_ms);
	enum npp_extensions extensions = NPP_NOT_EXTENDED;

	while (!npp_admin_wait_watching(dev, wait, limit)) {
		if (npp_is_aborted(dev) || npp_admin_timed_out(dev, wait, tag, extensions)) {
			npp_admin_abandon(dev, tag, wait);
			return -ETIMEDOUT;
		}
		if (extensions != NPP_EXTENSIONS_EXHAUSTED)
			extensions++;
	}
	return wait->error;
}

/* As npp_os_admin(), which is this with the usual timeout. */
int npp_admin_timed(struct npp_dev *dev, const struct npp_sqe *sqe, u64 *result,
		    unsigned int timeout_ms)
{
	struct npp_admin_wait wait = { .timeout_ms = timeout_ms };
	u16 tag;
	int err = npp_admin_send(dev, sqe, &wait, &tag);

	if (!err)
		err = npp_admin_wait(dev, &wait, tag);
	if (err >= 0 && result)
		*result = wait.result;
	return err;
}

/* The port's: see include/nvmepp/os.h. */
int npp_os_admin(struct npp_dev *dev, const struct npp_sqe *sqe, u32 *result)
{
	u64 wide;
	int err = npp_admin_timed(dev, sqe, &wide, npp_admin_limit_ms(dev));

	if (err >= 0 && result)
		*result = lower_32_bits(wide);
	return err;
}

/* One Identify Controller: what debugfs offers to try the admin queue. */
int npp_admin_identify(struct npp_dev *dev)
{
	struct npp_ctrl_info info;
	struct npp_page page;
	int err = npp_page_alloc(dev, &page);

	if (err)
		return err;
	err = npp_identify_ctrl(&dev->ctrl, &page, &info);
	npp_page_free(dev, &page);
	return err;
}
