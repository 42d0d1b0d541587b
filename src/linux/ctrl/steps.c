// SPDX-License-Identifier: GPL-2.0
/*
 * The reset worker's side of the controller's state: it reports what it has done, gets
 * its next step, and waits for the next attempt or the end of a limit.
 */

#include <linux/jiffies.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "base/dev.h"
#include "ctrl/state.h"

/* When the worker runs next, if it waits: at an attempt, or the end of a limit. */
static void npp_arm_worker(struct npp_dev *dev, u64 wait_ms)
{
	mod_delayed_work(npp_wq, &dev->reset_work,
			 msecs_to_jiffies(min_t(u64, wait_ms, NPP_RECONNECT_DELAY_MAX_S * 1000)));
}

static struct npp_reconnect_limits npp_limits_now(const struct npp_dev *dev)
{
	return (struct npp_reconnect_limits){
		.ctrl_loss_s = READ_ONCE(dev->ctrl_loss_tmo),
		.fast_io_fail_s = READ_ONCE(dev->fast_io_fail_tmo),
	};
}

/*
 * An event of the worker's.  What its disks fail for is kept: before they have failed,
 * others may have changed the state and the reason.
 * Context: state_lock held.
 */
static enum npp_work_step npp_apply_workers(struct npp_dev *dev, enum npp_ctrl_event event)
{
	const enum npp_work_step step = npp_ctrl_apply(&dev->ctrl, event, 0).step;

	if (step == NPP_WORK_FAIL_IO) {
		dev->failed_state = npp_ctrl_state(&dev->ctrl);
		dev->failed_reason = dev->reset_reason;
	}
	return step;
}

/*
 * The worker has done a step.  Returns the next one.
 * Context: the reset worker.
 */
enum npp_work_step npp_report(struct npp_dev *dev, enum npp_ctrl_event event)
{
	const struct npp_reconnect_limits limits = npp_limits_now(dev);
	enum npp_work_step step;
	u64 wait_ms;

	spin_lock(&dev->state_lock);
	step = npp_apply_workers(dev, event);
	if (step == NPP_WORK_WAIT) {
		npp_reconnect_next(&dev->reconnect, &limits, npp_os_now_ms(), &wait_ms);
		npp_arm_worker(dev, wait_ms);
	}
	spin_unlock(&dev->state_lock);
	wake_up_all(&dev->state_changed);
	return step;
}

/*
 * The attempt that has failed was the last one, for @reason; unless the controller was
 * held, failed or removed meanwhile, for another.
 * Context: the reset worker.
 */
enum npp_work_step npp_report_lost(struct npp_dev *dev, enum npp_reset_reason reason)
{
	enum npp_work_step step;

	spin_lock(&dev->state_lock);
	if (npp_ctrl_state(&dev->ctrl) == NPP_CONNECTING)
		dev->reset_reason = reason;
	step = npp_apply_workers(dev, NPP_EV_LOST);
	spin_unlock(&dev->state_lock);
	wake_up_all(&dev->state_changed);
	return step;
}

/*
 * The worker begins.  While it waits between attempts, it may be a limit that is due:
 * then I/O fails, now or for good.
 * Context: the reset worker.
 */
enum npp_work_step npp_begin_work(struct npp_dev *dev)
{
	const struct npp_reconnect_limits limits = npp_limits_now(dev);
	enum npp_reconnect_due due = NPP_DUE_ATTEMPT;
	enum npp_work_step step;
	u64 wait_ms = 0;

	spin_lock(&dev->state_lock);
	if (npp_ctrl_state(&dev->ctrl) == NPP_RECONNECT_WAIT)
		due = npp_reconnect_next(&dev->reconnect, &limits, npp_os_now_ms(), &wait_ms);
	switch (due) {
	case NPP_DUE_ATTEMPT:
		step = npp_apply_workers(dev, NPP_EV_WORK_BEGINS);
		break;
	case NPP_DUE_LOST:
		dev->reset_reason = NPP_RESET_CTRL_LOSS;
		step = npp_apply_workers(dev, NPP_EV_LOST);
		break;
	case NPP_DUE_FAIL_IO:
		dev->reconnect.io_failed = true;
		npp_arm_worker(dev, 0);	/* for what is due next */
		step = NPP_WORK_FAIL_FAST;
		break;
	default:
		npp_arm_worker(dev, wait_ms);
		step = NPP_WORK_END;
	}
	spin_unlock(&dev->state_lock);
	wake_up_all(&dev->state_changed);
	return step;
}

/*
 * An attempt failed.  True if it was the last one; else @wait_ms receives the time until
 * the next one.  Context: the reset worker.
 */
bool npp_attempt_was_last(struct npp_dev *dev, u64 *wait_ms)
{
	const struct npp_reconnect_limits limits = npp_limits_now(dev);
	const u64 now_ms = npp_os_now_ms();

	npp_reconnect_failed(&dev->reconnect, now_ms);
	return npp_reconnect_next(&dev->reconnect, &limits, now_ms, wait_ms) == NPP_DUE_LOST;
}

/*
 * Milliseconds that a step of the attempt that is going on may take, @wanted_ms at most:
 * less where a limit is to be acted on before.
 * Context: the reset worker.
 */
unsigned int npp_attempt_ms(const struct npp_dev *dev, unsigned int wanted_ms)
{
	const struct npp_reconnect_limits limits = npp_limits_now(dev);

	return min_t(u64, wanted_ms,
		     npp_reconnect_left_ms(&dev->reconnect, &limits, npp_os_now_ms()));
}
