// SPDX-License-Identifier: GPL-2.0
/*
 * The reset, pausing within one, and giving up.  Whoever wants a reset changes the
 * state to resetting; who succeeds in that schedules the work, so that there is
 * one reset however many commands have timed out.
 */

#include <linux/sched/mm.h>
#include <linux/workqueue.h>

#include "base/log.h"
#include "base/params.h"
#include "base/trace.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "recovery/recovery.h"

/* What memory reclaim may wait for: resets, and the watchdog. */
struct workqueue_struct *npp_wq;

int npp_reset_init(void)
{
	npp_wq = alloc_workqueue("nvmepp", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return npp_wq ? 0 : -ENOMEM;
}

void npp_reset_exit(void)
{
	destroy_workqueue(npp_wq);
}

/* Context: any but interrupts. */
bool npp_set_state(struct npp_dev *dev, enum npp_state to)
{
	bool changed;

	spin_lock(&dev->state_lock);
	changed = npp_ctrl_set_state(&dev->ctrl, to);
	spin_unlock(&dev->state_lock);
	return changed;
}

/*
 * True if this call is the one that started the reset.  One that is paused, or about
 * to be, is reset anyway.
 * Context: process.
 */
bool npp_reset_schedule(struct npp_dev *dev, enum npp_reset_reason reason)
{
	bool started;

	spin_lock(&dev->state_lock);
	started = !dev->holds && npp_ctrl_set_state(&dev->ctrl, NPP_RESETTING);
	if (started) {
		dev->reset_reason = reason;
		/* With the lock: whoever sees the state, and cancels, finds it queued. */
		queue_work(npp_wq, &dev->reset_work);
	}
	spin_unlock(&dev->state_lock);
	return started;
}

/*
 * The controller cannot be helped, or is being left: the work tears it down
 * without bringing it up again, and all its I/O fails.  Context: process.
 */
void npp_fail_ctrl(struct npp_dev *dev, enum npp_reset_reason reason)
{
	spin_lock(&dev->state_lock);
	if (dev->leaving) {
		/* The removal ends all there is, and nothing may be queued behind it. */
		spin_unlock(&dev->state_lock);
		return;
	}
	if (!dev->fail_ctrl)
		dev->reset_reason = reason;
	dev->fail_ctrl = true;
	npp_ctrl_set_state(&dev->ctrl, NPP_RESETTING);
	queue_work(npp_wq, &dev->reset_work);
	spin_unlock(&dev->state_lock);
}

/* From here on nobody gives up any more: the caller tears down. */
void npp_reset_end(struct npp_dev *dev)
{
	spin_lock(&dev->state_lock);
	dev->leaving = true;
	spin_unlock(&dev->state_lock);
	cancel_work_sync(&dev->reset_work);
}

/* 0 if the controller is live afterwards. */
int npp_reset_wait(struct npp_dev *dev, enum npp_reset_reason reason)
{
	if (!npp_reset_schedule(dev, reason))
		return -EBUSY;
	flush_work(&dev->reset_work);
	return npp_ctrl_state(&dev->ctrl) == NPP_LIVE ? 0 : -EIO;
}

/*
 * Takes the controller down, steps 1 to 7, and keeps it so: its I/O waits.  Returns
 * when it is down; true if npp_unpause() may bring it up again, false if it has
 * failed or is being left.
 * Context: process, the device's lock held: never two of these at a time.
 */
bool npp_pause(struct npp_dev *dev, enum npp_hold hold, enum npp_reset_reason reason)
{
	enum npp_state state;

	spin_lock(&dev->state_lock);
	state = npp_ctrl_state(&dev->ctrl);
	if (state == NPP_LIVE || state == NPP_RESETTING || state == NPP_PAUSED)
		dev->holds |= hold;
	if (state == NPP_LIVE || state == NPP_RESETTING) {
		dev->reset_reason = reason;
		npp_ctrl_set_state(&dev->ctrl, NPP_RESETTING);
		/* A reset that is running is followed by one that stops halfway. */
		queue_work(npp_wq, &dev->reset_work);
	}
	spin_unlock(&dev->state_lock);
	flush_work(&dev->reset_work);
	return npp_ctrl_state(&dev->ctrl) == NPP_PAUSED;
}

/*
 * Steps 8 and 9, unless somebody else still holds the controller.  Returns 0 if it
 * is live or still held, -EIO if it has failed.
 * Context: as npp_pause().
 */
int npp_unpause(struct npp_dev *dev, enum npp_hold hold)
{
	spin_lock(&dev->state_lock);
	dev->holds &= ~hold;
	if (!dev->holds && npp_ctrl_state(&dev->ctrl) == NPP_PAUSED) {
		npp_ctrl_set_state(&dev->ctrl, NPP_RESETTING);
		queue_work(npp_wq, &dev->reset_work);
	}
	spin_unlock(&dev->state_lock);
	flush_work(&dev->reset_work);
	return npp_ctrl_state(&dev->ctrl) == NPP_FAILED ? -EIO : 0;
}

#define NPP_HOLD_MAX_MS 60000

/*
 * For how long others may make I/O wait: as long as two timeouts, and bounded where
 * users have switched those off.
 */
unsigned int npp_hold_limit_ms(void)
{
	return min_t(u64, 2ull * npp_params.io_timeout_ms, NPP_HOLD_MAX_MS);
}

#define NPP_ANSWER_MIN_MS 500u

/*
 * For how long a reset waits for each answer of the controller.  Two of its attempts
 * may end with one that does not come; with that, I/O fails within twice its timeout.
 */
unsigned int npp_reset_answer_ms(void)
{
	return clamp(npp_params.io_timeout_ms / 3, NPP_ANSWER_MIN_MS, npp_params.admin_timeout_ms);
}

/*
 * Whether a reset may still try what takes as long again: not if the controller has
 * spent that time on getting ready, on stopping, or on answering.  What a slow machine
 * takes itself is not the controller's fault.
 */
static bool npp_reset_in_time(const struct npp_dev *dev)
{
	return dev->waited_ms <= npp_reset_answer_ms() + MSEC_PER_SEC;
}

/* Fewer queues than the disks were made for: what was on the others is lost. */
static bool npp_all_queues_back(struct npp_dev *dev)
{
	if (!dev->has_tag_set || dev->io_queues == dev->tag_set.nr_hw_queues)
		return true;
	npp_err(dev, "%u of %u I/O queues came back: too few to go on\n", dev->io_queues,
		dev->tag_set.nr_hw_queues);
	return false;
}

/* Steps 8 and 9: true if the controller serves I/O again. */
static bool npp_recover(struct npp_dev *dev)
{
	if (npp_bring_up(dev) || !npp_all_queues_back(dev) || npp_test_vectors(dev))
		return false;
	if (!dev->down)
		dev->resets++;
	dev->down = false;
	/* Refused while removing: then the disks are served until they are gone. */
	npp_set_state(dev, NPP_LIVE);
	npp_unquiesce_disks(dev);
	npp_info(dev, "live again with %u I/O queues\n", dev->io_queues);
	npp_submit_async_event(dev);
	/* What has changed meanwhile was told to nobody.  Refused while removing. */
	npp_scan_schedule(dev);
	return true;
}

static enum npp_reset_target npp_reset_target(struct npp_dev *dev)
{
	enum npp_reset_target target = NPP_RESET_TARGET_LIVE;

	spin_lock(&dev->state_lock);
	if (dev->fail_ctrl)
		target = NPP_RESET_TARGET_FAILED;
	else if (dev->holds)
		target = NPP_RESET_TARGET_PAUSED;
	spin_unlock(&dev->state_lock);
	return target;
}

/*
 * A command that is swallowed just now, or a controller that is slow once, does not
 * cost the disks: what has failed is done once more, from the beginning, as long as
 * the device is there, nobody wants it down, and I/O has not waited for too long.
 */
static bool npp_recover_again(struct npp_dev *dev)
{
	if (npp_ctrl_state(&dev->ctrl) != NPP_RESETTING ||
	    npp_reset_target(dev) != NPP_RESET_TARGET_LIVE || !npp_reset_in_time(dev) || !npp_reachable(dev))
		return false;
	npp_warn(dev, "the reset failed: once more\n");
	npp_tear_down(dev, false);
	return npp_recover(dev);
}

static void npp_announce(struct npp_dev *dev, enum npp_reset_target target)
{
	/* Bringing up what is down already is no news before it has worked. */
	if (target != NPP_RESET_TARGET_LIVE || !dev->down)
		npp_warn(dev, "%s: %s\n", npp_reset_target_text(target),
			 npp_reset_reason_text(dev->reset_reason));
	trace_nvmepp_reset(dev, target);
}

/* Whoever has asked for it waits for this work. */
static void npp_stay_down(struct npp_dev *dev)
{
	if (!dev->down)
		dev->pauses++;
	dev->down = true;
	/* Refused while removing, which ends the pause. */
	npp_set_state(dev, NPP_PAUSED);
}

static void npp_fail(struct npp_dev *dev)
{
	WRITE_ONCE(dev->fail_ctrl, true);
	npp_tear_down(dev, false);
	npp_set_state(dev, NPP_FAILED);
	npp_unquiesce_disks(dev);
	npp_kill_disks(dev);
	npp_err(dev, "controller failed: its disks fail all I/O\n");
}

/* The whole of a reset, in order; src/README.md has the numbers and the reasons. */
static void npp_reset(struct npp_dev *dev)
{
	const enum npp_reset_target target = npp_reset_target(dev);
	bool stopped;

	npp_announce(dev, target);
	dev->waited_ms = 0;

	/* 1. Changed by whoever scheduled this, but for a controller just recovered. */
	npp_set_state(dev, NPP_RESETTING);
	/* 2. No new command, and no timeout handler left running. */
	npp_quiesce_disks(dev);
	/* 3. to 7. Controller off, interrupts freed, last poll, the rest cancelled. */
	stopped = npp_tear_down(dev, target == NPP_RESET_TARGET_PAUSED &&
				     dev->holds & NPP_HOLD_SLEEP);
	if (target == NPP_RESET_TARGET_PAUSED)
		return npp_stay_down(dev);
	if (target == NPP_RESET_TARGET_LIVE) {
		/* 8. and 9. */
		if ((stopped || npp_reset_in_time(dev)) && npp_recover(dev))
			return;
		dev->reset_failures++;
		if (npp_recover_again(dev))
			return;
	}
	/*
	 * Paused meanwhile, for which this work has been queued again: an attempt that
	 * a PCI error has spoilt says nothing about the controller.
	 */
	if (npp_reset_target(dev) == NPP_RESET_TARGET_PAUSED)
		return;
	/* What the failed recovery left, and what was to be sent again, fails. */
	npp_fail(dev);
}

/* Memory that has to be written back first, to disks that wait for this, is no help. */
void npp_reset_work(struct work_struct *work)
{
	const unsigned int noio = memalloc_noio_save();

	npp_reset(container_of(work, struct npp_dev, reset_work));
	memalloc_noio_restore(noio);
}
