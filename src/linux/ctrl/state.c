// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's state: requests for a reset, to hold the controller down, to fail
 * it, to remove it.  They come from everywhere and go down to here; the worker that
 * carries them out sits on top (reset.c), and learns what to do from steps.c.
 *
 * dev->state_lock guards the state machine (src/core/ctrl_state.hpp), the reason, and
 * queueing of the worker: a reader of a state also finds the worker queued for it.
 */

#include <linux/wait.h>
#include <linux/workqueue.h>

#include "base/dev.h"
#include "base/hwq.h"
#include "ctrl/state.h"

/* What memory reclaim may wait for: resets, and the watchdog. */
struct workqueue_struct *npp_wq;

int npp_state_init(void)
{
	npp_wq = alloc_workqueue("nvmepp", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return npp_wq ? 0 : -ENOMEM;
}

void npp_state_exit(void)
{
	destroy_workqueue(npp_wq);
}

static bool npp_request(struct npp_dev *dev, enum npp_ctrl_event event, u32 holds,
			enum npp_reset_reason reason)
{
	struct npp_ctrl_move move;

	spin_lock(&dev->state_lock);
	move = npp_ctrl_apply(&dev->ctrl, event, holds);
	if (move.accepted)
		dev->reset_reason = reason;
	if (move.queue_work)
		mod_delayed_work(npp_wq, &dev->reset_work, 0);
	spin_unlock(&dev->state_lock);
	wake_up_all(&dev->state_changed);
	return move.accepted;
}

/* Probe has brought the controller up.  Context: probe. */
void npp_set_live(struct npp_dev *dev)
{
	npp_request(dev, NPP_EV_STARTED, 0, NPP_RESET_USER);
}

/*
 * Reset a live controller, as nvme_reset_ctrl().  True if this call started the reset:
 * its worker cancels whatever is outstanding.
 * Context: process.
 */
bool npp_request_reset(struct npp_dev *dev, enum npp_reset_reason reason)
{
	return npp_request(dev, NPP_EV_RESET, 0, reason);
}

/*
 * The device is gone, or must not hold up its removal: all its I/O fails.
 * Context: process.
 */
void npp_fail_ctrl(struct npp_dev *dev, enum npp_reset_reason reason)
{
	npp_request(dev, NPP_EV_FAIL, 0, reason);
}

/* Removal begins: the disks are still served.  Context: remove. */
void npp_begin_removal(struct npp_dev *dev)
{
	npp_request(dev, NPP_EV_DELETE, 0, NPP_RESET_REMOVAL);
}

/* The worker has the hardware no longer; or it waits for the next attempt. */
static bool npp_is_settled(struct npp_dev *dev)
{
	bool settled;

	spin_lock(&dev->state_lock);
	settled = !npp_state_is_workers(npp_ctrl_state(&dev->ctrl));
	spin_unlock(&dev->state_lock);
	return settled;
}

/*
 * Wait until a reset that is queued or running has succeeded, failed, or waits for its
 * next attempt.  Returns the state then, which may have changed since.
 * Context: process; not the reset worker, nor anything that it waits for.
 */
enum npp_state npp_wait_settled(struct npp_dev *dev)
{
	wait_event(dev->state_changed, npp_is_settled(dev));
	return npp_ctrl_state(&dev->ctrl);
}

static bool npp_is_live_or_lost(struct npp_dev *dev)
{
	const enum npp_state state = npp_ctrl_state(&dev->ctrl);

	return state == NPP_LIVE || npp_state_io_fails(state) || npp_state_is_removal(state);
}

/*
 * Wait through holds and attempts to reconnect.  False if the controller is lost or being
 * removed, or the caller is killed.
 * Context: as npp_wait_settled().
 */
bool npp_wait_live(struct npp_dev *dev)
{
	return !wait_event_killable(dev->state_changed, npp_is_live_or_lost(dev)) &&
	       npp_ctrl_state(&dev->ctrl) == NPP_LIVE;
}

/*
 * From here on the caller tears down, and nothing is queued any more.
 * Context: remove, shutdown.
 */
void npp_end_io(struct npp_dev *dev)
{
	npp_request(dev, NPP_EV_DELETE_NOIO, 0, NPP_RESET_REMOVAL);
	/* Queued before: it ends in a bounded time, with the same teardown. */
	flush_delayed_work(&dev->reset_work);
}

/*
 * Reset on behalf of a user, who may also end the wait for the next attempt, and revive
 * a dead controller.  0 if the controller is live afterwards.
 * Context: process.
 */
int npp_user_reset(struct npp_dev *dev)
{
	if (!npp_request(dev, NPP_EV_USER_RESET, 0, NPP_RESET_USER))
		return -EBUSY;
	if (npp_wait_settled(dev) != NPP_LIVE)
		return -EIO;
	/* The disks go on, and a dead controller has them again, when this returns. */
	flush_work(&dev->reset_work.work);
	flush_work(&dev->scan_work);
	return 0;
}

/*
 * Take the controller down and keep it so for @hold (NPP_HOLD_*): its I/O waits.
 * Returns when it is down; false if it is dead, or being removed.
 * Context: process, the device's lock held.
 */
bool npp_hold(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason)
{
	npp_request(dev, NPP_EV_HOLD, hold, reason);
	return npp_wait_settled(dev) == NPP_PAUSED;
}

/*
 * End @hold; without another one left the controller is brought up again, which is not
 * waited for: the caller may be a work that keeps the reset worker from running, where
 * memory is so short that both have one thread.
 * Context: process.
 */
void npp_request_release(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason)
{
	npp_request(dev, NPP_EV_RELEASE, hold, reason);
}

/*
 * Bring it up again, unless another hold is left.  Returns 0 if it is live or still
 * held, -EIO otherwise: attempts go on, or it is dead.
 * Context: as npp_hold().
 */
int npp_release(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason)
{
	enum npp_state state;

	npp_request_release(dev, hold, reason);
	state = npp_wait_settled(dev);
	return state == NPP_LIVE || state == NPP_PAUSED ? 0 : -EIO;
}

/* A limit was changed: whatever waits is judged by it at once.  Context: process. */
void npp_limits_changed(struct npp_dev *dev)
{
	spin_lock(&dev->state_lock);
	if (npp_ctrl_state(&dev->ctrl) == NPP_RECONNECT_WAIT)
		mod_delayed_work(npp_wq, &dev->reset_work, 0);
	spin_unlock(&dev->state_lock);
}
