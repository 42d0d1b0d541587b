// SPDX-License-Identifier: GPL-2.0
/*
 * The reset, and giving up.  Whoever wants a reset changes the state to
 * resetting; who succeeds in that schedules the work, so that there is one reset
 * however many commands are overdue.
 */

#include <linux/workqueue.h>

#include "nvmepp.h"
#include "trace.h"

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

/* True if this call is the one that started the reset.  Context: process. */
bool npp_reset_schedule(struct npp_dev *dev, enum npp_reset_reason reason)
{
	if (!npp_set_state(dev, NPP_RESETTING))
		return false;
	dev->reset_reason = reason;
	queue_work(npp_wq, &dev->reset_work);
	return true;
}

/*
 * The controller cannot be helped, or is being left: the work tears it down
 * without bringing it up again, and all its I/O fails.  Context: process.
 */
void npp_give_up(struct npp_dev *dev, enum npp_reset_reason reason)
{
	spin_lock(&dev->state_lock);
	if (!dev->give_up)
		dev->reset_reason = reason;
	dev->give_up = true;
	npp_ctrl_set_state(&dev->ctrl, NPP_RESETTING);
	spin_unlock(&dev->state_lock);
	queue_work(npp_wq, &dev->reset_work);
}

/* 0 if the controller is live afterwards. */
int npp_reset_wait(struct npp_dev *dev, enum npp_reset_reason reason)
{
	if (!npp_reset_schedule(dev, reason))
		return -EBUSY;
	flush_work(&dev->reset_work);
	return npp_ctrl_state(&dev->ctrl) == NPP_LIVE ? 0 : -EIO;
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
	dev->resets++;
	/* Refused while removing: then the disks are served until they are gone. */
	npp_set_state(dev, NPP_LIVE);
	npp_disks_resume(dev);
	npp_info(dev, "live again with %u I/O queues\n", dev->io_queues);
	return true;
}

/*
 * The whole of a reset, in order; src/README.md has the numbers and the reasons.
 */
void npp_reset_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(work, struct npp_dev, reset_work);
	const bool again = !READ_ONCE(dev->give_up);

	npp_warn(dev, "%s: %s\n", again ? "resetting" : "giving up",
		 npp_reset_reason_text(dev->reset_reason));

	trace_nvmepp_reset(dev, again);

	/* 1. Changed by whoever scheduled this, but for a controller just recovered. */
	npp_set_state(dev, NPP_RESETTING);
	/* 3. No new command, and no timeout handler left running. */
	npp_disks_quiesce(dev);
	/* 4. to 7. Controller off, last look, interrupts freed, the rest cancelled. */
	npp_tear_down(dev, false);
	if (again && npp_recover(dev))
		return;

	/* What the failed recovery left, and what was to be sent again, fails. */
	if (again)
		dev->reset_failures++;
	WRITE_ONCE(dev->give_up, true);
	npp_tear_down(dev, false);
	npp_set_state(dev, NPP_FAILED);
	npp_disks_resume(dev);
	npp_disks_dead(dev);
	npp_err(dev, "given up: its disks fail all I/O\n");
}
