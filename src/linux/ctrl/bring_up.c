// SPDX-License-Identifier: GPL-2.0
/*
 * From a dead controller to one that serves I/O, and back.  Probe and the reset
 * work both come through here, so that there is one order for each direction.
 */

#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "base/log.h"
#include "base/params.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

/*
 * Memory decoding on, again after a teardown.  Bus mastering is not: a controller that
 * could not be stopped may still have commands whose memory has new owners.
 */
int npp_pci_enable(struct npp_dev *dev)
{
	int err;

	if (dev->pci_enabled)
		return 0;
	err = pci_enable_device_mem(dev->pdev);
	if (err)
		return err;
	dev->pci_enabled = true;
	return 0;
}

void npp_pci_disable(struct npp_dev *dev)
{
	if (dev->pci_enabled)
		pci_disable_device(dev->pdev);
	dev->pci_enabled = false;
}

static void npp_enable_admin_queue(struct npp_dev *dev, bool enabled)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->admin_lock, flags);
	dev->queues[0].enabled = enabled;
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}

/*
 * What the controller says of itself, and what it is to tell later.  Who reads it
 * meanwhile gets what the last bring-up was told.
 */
static int npp_identify_and_configure(struct npp_dev *dev)
{
	struct npp_ctrl_info info;
	int err = npp_identify_ctrl(&dev->ctrl, dev->identify_page, dev->identify_dma, &info);

	if (err)
		return err;
	mutex_lock(&dev->info_lock);
	dev->info = info;
	mutex_unlock(&dev->info_lock);
	err = npp_enable_async_events(&dev->ctrl, &info);
	return err ?: npp_set_timestamp(&dev->ctrl, &info, dev->identify_page, dev->identify_dma,
					ktime_to_ms(ktime_get_real()));
}

/*
 * What the controller was told at @start_ms to be, ready or not, it has or has not
 * become in time.
 */
static int npp_note_time(struct npp_dev *dev, u64 start_ms, int err)
{
	dev->waited_ms += npp_os_now_ms() - start_ms;
	dev->ready_timed_out = err == -ETIMEDOUT;
	return err;
}

static int npp_enable(struct npp_dev *dev)
{
	const struct npp_hwq *q = &dev->queues[0];
	const u64 start_ms = npp_os_now_ms();

	return npp_note_time(dev, start_ms, npp_ctrl_enable(&dev->ctrl, q->sq_dma, q->cq_dma));
}

static int npp_disable(struct npp_dev *dev)
{
	const u64 start_ms = npp_os_now_ms();

	return npp_note_time(dev, start_ms, npp_ctrl_disable(&dev->ctrl));
}

/* The controller enabled, with an admin queue that interrupts. */
static int npp_start_admin(struct npp_dev *dev)
{
	struct npp_hwq *q = &dev->queues[0];
	int err;

	err = npp_disable(dev);
	if (err)
		return err;
	/* It is off, and has forgotten what it was told to read and write. */
	pci_set_master(dev->pdev);
	err = npp_irq_alloc_one(dev);
	if (err) {
		npp_err(dev, "the device has no %s vector to give (%d): see the parameter interrupts\n",
			npp_params.irq_types_text, err);
		return err;
	}
	/* Before there is a handler: that of a shared line runs whenever a neighbour calls. */
	npp_queue_restart(&q->core);
	err = npp_irq_request(q, 0);
	if (err)
		return err;
	err = npp_enable(dev);
	if (err)
		return err;
	npp_enable_admin_queue(dev, true);
	return npp_identify_and_configure(dev);
}

/*
 * How many I/O queues there will be: CPUs, the parameters, and the controller
 * limit it, then the vectors, which poll queues do not need.  They are the last ones;
 * where a reset comes back with fewer vectors there are none, and too few in all.
 * Moves the admin queue to its final vector.
 */
static int npp_choose_queues(struct npp_dev *dev, unsigned int *count)
{
	unsigned int wanted = dev->has_tag_set ? dev->tag_set.nr_hw_queues : dev->max_queues;
	unsigned int poll_queues, irq_queues;
	u16 granted;
	int err;

	*count = 0;
	err = npp_set_queue_count(&dev->ctrl, wanted, &granted);
	if (err || !granted)
		return err;
	poll_queues = min(dev->poll_queues, granted - 1u);

	/* No command is in flight: the admin queue may change its interrupt. */
	npp_irq_release(&dev->queues[0]);
	npp_irq_free(dev);
	err = npp_irq_alloc(dev, granted - poll_queues);
	if (err < 0)
		return err;
	irq_queues = min_t(unsigned int, err, granted - poll_queues);
	if (!dev->has_tag_set)
		dev->irq_queues = irq_queues;
	*count = irq_queues < dev->irq_queues ? irq_queues : irq_queues + poll_queues;
	return npp_irq_request(&dev->queues[0], 0);
}

static u16 npp_io_depth(const struct npp_dev *dev)
{
	/* One entry more than tags, and one tag of the driver's own. */
	return min(npp_params.queue_depth + 2, npp_ctrl_max_depth(&dev->ctrl));
}

static int npp_start_queue(struct npp_dev *dev, unsigned int qid)
{
	struct npp_hwq *q = &dev->queues[qid];
	bool poll_queue;
	u16 vector;
	int err;

	if (qid > dev->allocated_queues) {
		err = npp_queue_alloc(dev, qid, npp_io_depth(dev));
		if (err)
			return err;
		dev->allocated_queues = qid;
	}
	npp_queue_restart(&q->core);
	poll_queue = npp_is_poll_queue(q);
	vector = poll_queue ? NPP_NO_VECTOR : dev->vectors > 1 ? qid : 0;
	if (!poll_queue) {
		err = npp_irq_request(q, vector);
		if (err)
			return err;
	}
	err = npp_create_queues(&dev->ctrl, qid, q->depth, q->sq_dma, q->cq_dma, vector);
	if (err)
		return err;
	q->stall = (struct npp_stall){ .taken = npp_queue_taken(&q->core) };
	/* The watchdog has nothing to do with a poll queue. */
	q->arm_watchdog = !poll_queue;
	if (poll_queue)
		npp_set_pollable(q, true);
	WRITE_ONCE(q->enabled, true);
	dev->io_queues = qid;
	return 0;
}

/* What the disks will be made for: each reset has to bring back the same. */
static void npp_settle_queues(struct npp_dev *dev)
{
	if (dev->has_tag_set || !dev->io_queues)
		return;
	dev->irq_queues = min(dev->irq_queues, dev->io_queues);
	dev->poll_queues = dev->io_queues - dev->irq_queues;
	if (dev->poll_queues < npp_params.poll_queues)
		npp_warn(dev, "poll_queues=%u: lowered to %u, one a CPU at most, beside %u I/O queues with interrupts\n",
			 npp_params.poll_queues, dev->poll_queues, dev->irq_queues);
}

/*
 * A queue that the controller refuses ends the list: those before it serve.  An
 * error without an answer is the controller's end.
 */
static int npp_start_io(struct npp_dev *dev)
{
	unsigned int count = 0, qid;
	u32 coalescing_us;
	int err;

	err = npp_get_coalescing(&dev->ctrl, &coalescing_us);
	dev->coalescing_ms = DIV_ROUND_UP(coalescing_us, 1000);
	if (!err)
		err = npp_choose_queues(dev, &count);
	for (qid = 1; !err && qid <= count; qid++) {
		err = npp_start_queue(dev, qid);
		if (err == -EIO && qid > 1) {
			npp_irq_release(&dev->queues[qid]);
			err = 0;
			break;
		}
	}
	if (!err)
		npp_settle_queues(dev);
	return err;
}

/* Undo it by npp_tear_down(), also when it failed. */
int npp_bring_up(struct npp_dev *dev)
{
	int err;

	WRITE_ONCE(dev->bring_up_task, current);
	err = npp_pci_enable(dev);
	if (!err)
		err = npp_start_admin(dev);
	if (!err)
		err = npp_start_io(dev);
	/* What a reset of the slot will have to restore. */
	if (!err)
		pci_save_state(dev->pdev);
	WRITE_ONCE(dev->bring_up_task, NULL);
	return err;
}

/* Not counted as a poll: that an interrupt was lost, it cannot tell. */
static void npp_reap_pending_cqes(struct npp_hwq *q)
{
	/* A probe that ran out of memory: there has been no queue yet. */
	if (q->cq)
		npp_reap_outside(q, false);
}

/* Whether there is anybody to talk to.  Context: process. */
bool npp_reachable(struct npp_dev *dev)
{
	return dev->pci_enabled && !pci_channel_offline(dev->pdev) &&
	       pci_device_is_present(dev->pdev) &&
	       npp_ctrl_health(&dev->ctrl) != NPP_HEALTH_GONE;
}

/*
 * What a healthy controller is to be told before it is switched off (base 2.0,
 * 3.6.1): first its queues go, then it is asked to shut down.  One that does not
 * answer has the time of a shutdown for it, and no more.
 */
static void npp_shutdown_ctrl(struct npp_dev *dev)
{
	const u32 limit_ms = clamp(dev->info.shutdown_ms, npp_params.shutdown_timeout_ms, 60000u);
	unsigned int qid = dev->io_queues;

	if (!dev->queues[0].enabled || npp_ctrl_health(&dev->ctrl) != NPP_HEALTHY)
		return;
	WRITE_ONCE(dev->bring_up_task, current);
	dev->shutdown_cmd_timeout_ms = limit_ms;
	while (qid && !npp_delete_queues(&dev->ctrl, qid))
		qid--;
	dev->shutdown_cmd_timeout_ms = 0;
	WRITE_ONCE(dev->bring_up_task, NULL);
	npp_enable_admin_queue(dev, false);
	npp_ctrl_shutdown(&dev->ctrl, limit_ms);
}

/*
 * Whether the controller is known to be off.  One that has had its time, to become
 * ready or to stop, is not waited for again: that would double what I/O waits.
 */
static bool npp_disable_ctrl(struct npp_dev *dev)
{
	if (!npp_reachable(dev))
		return false;
	if (dev->ready_timed_out)
		return npp_ctrl_disable_at_once(&dev->ctrl) == 0;
	return npp_disable(dev) == 0;
}

/*
 * Steps 3 to 7 of a reset (see src/README.md).  The disks are quiesced, or there
 * are none.  Idempotent.  Memory that the controller may write is given back
 * only after the controller has been disabled, or can no longer reach memory.
 * Returns whether it has been disabled.
 */
bool npp_tear_down(struct npp_dev *dev, bool shutdown)
{
	unsigned int qid;
	bool off;

	for (qid = 1; qid <= dev->allocated_queues; qid++)
		WRITE_ONCE(dev->queues[qid].enabled, false);
	if (shutdown && npp_reachable(dev))
		npp_shutdown_ctrl(dev);
	npp_enable_admin_queue(dev, false);
	npp_watchdog_stop(dev);

	for (qid = 0; qid <= dev->allocated_queues; qid++)
		npp_sync_cq(&dev->queues[qid]);
	off = npp_disable_ctrl(dev);
	if (!off && dev->pci_enabled)
		pci_clear_master(dev->pdev);

	for (qid = 0; qid <= dev->allocated_queues; qid++) {
		npp_fallback_poll_quit(&dev->queues[qid]);
		npp_irq_release(&dev->queues[qid]);
		npp_set_pollable(&dev->queues[qid], false);
		npp_reap_pending_cqes(&dev->queues[qid]);
		npp_vector_test_cancel(&dev->queues[qid]);
	}
	npp_irq_free(dev);
	dev->io_queues = 0;

	npp_admin_cancel_all(dev);
	npp_cancel_requests(dev);
	npp_pci_disable(dev);
	return off;
}
