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
#include "ctrl/state.h"
#include "queue/queue.h"

/*
 * Memory decoding on, from probe to remove.  Bus mastering is not: a controller that an
 * earlier driver left may still have commands whose memory has new owners.
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

void npp_enable_admin_queue(struct npp_dev *dev, bool enabled)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->admin_lock, flags);
	dev->queues[0].enabled = enabled;
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}

/*
 * What the controller says of itself, which a reset may have changed, and the events that
 * it is to report.  Readers get what the last bring-up identified until then.
 */
static int npp_identify_and_configure(struct npp_dev *dev)
{
	struct npp_ctrl_info info;
	int err = npp_identify_ctrl(&dev->ctrl, &dev->identify, &info);

	if (err)
		return err;
	/* They are already, but where fast_io_fail_tmo is over: I/O failed until this answer. */
	npp_quiesce_disks(dev);
	if (dev->has_tag_set && !npp_ctrl_same_limits(&dev->info, &info))
		npp_check_requests(dev,
				   info.volatile_write_cache && !dev->info.volatile_write_cache);
	mutex_lock(&dev->info_lock);
	dev->info = info;
	mutex_unlock(&dev->info_lock);
	err = npp_enable_async_events(&dev->ctrl, &info);
	return err ?: npp_set_timestamp(&dev->ctrl, &info, &dev->identify,
					ktime_to_ms(ktime_get_real()));
}

static int npp_enable(struct npp_dev *dev)
{
	const struct npp_hwq *q = &dev->queues[0];

	npp_ctrl_limit_ready(&dev->ctrl, npp_attempt_ms(dev, U32_MAX));
	return npp_ctrl_enable(&dev->ctrl, q->sq_dma, q->cq_dma);
}

/* Where a vector has been kept over a reset, its interrupt is requested already. */
static int npp_request_queue_irq(struct npp_hwq *q)
{
	if (npp_is_poll_queue(q) || npp_has_irq(q))
		return 0;
	return npp_irq_request(q, q->dev->vectors > 1 ? q->qid : 0);
}

/*
 * The vector that serves the admin queue until the number of queues is known: at probe,
 * and after sleep.
 */
static int npp_request_admin_irq(struct npp_dev *dev)
{
	int err = npp_irq_alloc_one(dev);

	if (err) {
		npp_err(dev, "the device has no %s vector to give (%d): see the parameter interrupts\n",
			npp_params.irq_types_text, err);
		return err;
	}
	return npp_irq_request(&dev->queues[0], 0);
}

/* A command register that was overwritten, or lost with the device's power. */
static void npp_restore_decoding(struct pci_dev *pdev)
{
	u16 command;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	if (!(command & PCI_COMMAND_MEMORY))
		pci_write_config_word(pdev, PCI_COMMAND, command | PCI_COMMAND_MEMORY);
}

/*
 * The device as the kernel wants it, before the controller is enabled.  It is disabled,
 * so it no longer accesses the buffers that it was given, and may master the bus again;
 * its vectors may have been lost with its power or a function reset.
 */
static int npp_prepare_device(struct npp_dev *dev)
{
	int err;

	npp_restore_decoding(dev->pdev);
	npp_ctrl_limit_ready(&dev->ctrl, npp_attempt_ms(dev, U32_MAX));
	err = npp_ctrl_disable(&dev->ctrl);
	if (err)
		return err;
	pci_set_master(dev->pdev);
	if (!dev->vectors)
		return npp_request_admin_irq(dev);
	err = npp_request_queue_irq(&dev->queues[0]);
	if (err)
		return err;
	/* No queue is online, so no vector is being restored. */
	npp_rewrite_vectors(dev, dev->queues[0].irq);
	return npp_ctrl_reread_capabilities(&dev->ctrl);
}

/* The controller enabled, with an admin queue that interrupts. */
static int npp_start_admin(struct npp_dev *dev)
{
	struct npp_hwq *q = &dev->queues[0];
	int err;

	err = npp_prepare_device(dev);
	if (err)
		return err;
	npp_queue_restart(&q->core, q->depth);
	npp_queue_online(q);
	err = npp_enable(dev);
	if (err)
		return err;
	npp_enable_admin_queue(dev, true);
	return npp_identify_and_configure(dev);
}

/*
 * All interrupts and vectors.  Resets keep them, and allocate nothing.  Sleep does not:
 * taking CPUs offline shuts down the interrupts that are spread over them, and before
 * Linux 6.16 (upstream 788019eb559f) forgets that suspend has disabled them besides.
 * Context: torn down, all queues are offline.
 */
void npp_free_irqs(struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 0; dev->queues && qid <= dev->allocated_queues; qid++)
		npp_irq_release(&dev->queues[qid]);
	npp_irq_free(dev);
}

/*
 * Vectors for @irq_queues I/O queues, and the admin queue on its final one.  Returns for
 * how many they are enough, or an error.
 */
static int npp_request_vectors(struct npp_dev *dev, unsigned int irq_queues)
{
	int err, got;

	/* No command is in flight: the admin queue may change its interrupt. */
	npp_queue_offline(&dev->queues[0]);
	npp_free_irqs(dev);
	got = npp_irq_alloc(dev, irq_queues);
	if (got < 0)
		return got;
	err = npp_irq_request(&dev->queues[0], 0);
	if (err)
		return err;
	npp_queue_online(&dev->queues[0]);
	return min_t(unsigned int, got, irq_queues);
}

/*
 * Probe's: how many I/O queues there will be.  CPUs, the parameters, the controller and
 * the vectors limit it.  Poll queues, which are the last ones, need no vector.
 */
static int npp_size_queues(struct npp_dev *dev, unsigned int granted, unsigned int *count)
{
	const unsigned int poll_queues = min(dev->poll_queues, granted - 1u);
	const int got = npp_request_vectors(dev, granted - poll_queues);

	if (got < 0)
		return got;
	dev->irq_queues = got;
	*count = got + poll_queues;
	return 0;
}

/* Kept over a reset; an interrupt that was released meanwhile is requested on its own. */
static bool npp_vectors_in_use(const struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 1; qid <= dev->allocated_queues; qid++) {
		if (npp_has_irq(&dev->queues[qid]))
			return true;
	}
	return false;
}

/*
 * How many I/O queues the controller serves.  After a reset they may be fewer than there
 * are contexts of blk-mq, which then share them (shared_queues.c), but not none.  After
 * sleep each queue needs its vector again.
 */
static int npp_choose_queues(struct npp_dev *dev, unsigned int *count)
{
	unsigned int wanted = dev->has_tag_set ? dev->tag_set.nr_hw_queues : dev->max_queues;
	u16 granted;
	int err;

	*count = 0;
	err = npp_set_queue_count(&dev->ctrl, wanted, &granted);
	if (err)
		return err;
	if (!dev->has_tag_set)
		return granted ? npp_size_queues(dev, granted, count) : 0;
	if (!granted)
		return -EIO;
	*count = granted;
	if (npp_vectors_in_use(dev))
		return 0;
	err = npp_request_vectors(dev, dev->irq_queues);
	return err < 0 ? err : err < dev->irq_queues ? -ENOSPC : 0;
}

static u16 npp_io_depth(const struct npp_dev *dev)
{
	/*
	 * One entry more than tags, and one tag of the driver's own.  1024 by default: more
	 * would double what the submission ring takes, 16 contiguous pages.
	 */
	return min(npp_params.queue_depth + 2, npp_ctrl_max_depth(&dev->ctrl));
}

static int npp_start_queue(struct npp_dev *dev, unsigned int qid)
{
	struct npp_hwq *q = &dev->queues[qid];
	u16 depth;
	int err;

	if (qid > dev->allocated_queues) {
		err = npp_queue_alloc(dev, qid, npp_io_depth(dev));
		if (err)
			return err;
		dev->allocated_queues = qid;
	}
	err = npp_request_queue_irq(q);
	if (err)
		return err;
	/* The rings' memory is probe's; a new firmware may take fewer entries. */
	depth = min_t(u32, q->depth, npp_ctrl_max_depth(&dev->ctrl));
	npp_queue_restart(&q->core, depth);
	if (dev->shadow_used)
		npp_queue_use_shadow(&q->core, dev->shadow);
	err = npp_create_queues(&dev->ctrl, qid, depth, q->sq_dma, q->cq_dma, q->vector);
	if (err)
		return err;
	q->stall = (struct npp_stall){ .taken = npp_queue_taken(&q->core) };
	q->maybe_late = false;
	/* The watchdog has nothing to do with a poll queue. */
	q->arm_watchdog = !npp_is_poll_queue(q);
	npp_queue_online(q);
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
 * A queue that the controller refuses ends the list: those before it serve.  Without any
 * it has its node, for firmware and logs.  A command without an answer fails the attempt.
 * At probe a queue for which there is no memory ends the list too, unless it is the first.
 */
static bool npp_is_last_queue(struct npp_dev *dev, unsigned int qid, int err)
{
	if (err == -ENOMEM && qid > 1 && !dev->has_tag_set) {
		npp_warn(dev, "no memory for I/O queue %u: it does with %u\n", qid, qid - 1);
		return true;
	}
	return err == -EIO && (qid > 1 || !dev->has_tag_set);
}

static int npp_start_io(struct npp_dev *dev)
{
	unsigned int count = 0, qid;
	u32 coalescing_us;
	int err;

	err = npp_get_coalescing(&dev->ctrl, &coalescing_us);
	dev->coalescing_ms = DIV_ROUND_UP(coalescing_us, 1000);
	if (!err)
		err = npp_choose_queues(dev, &count);
	if (!err)
		err = npp_shadow_start(dev, count);
	for (qid = 1; !err && qid <= count; qid++) {
		err = npp_start_queue(dev, qid);
		if (npp_is_last_queue(dev, qid, err)) {
			err = 0;
			break;
		}
	}
	if (err)
		return err;
	if (!dev->io_queues)
		npp_err(dev, "the controller %s: no disk can be served\n",
			count ? "refuses I/O queue 1" : "grants no I/O queue");
	npp_settle_queues(dev);
	return npp_open_queues(dev);
}

/* Undo it by npp_tear_down(), also when it failed. */
int npp_bring_up(struct npp_dev *dev)
{
	int err;

	WRITE_ONCE(dev->bring_up_task, current);
	err = npp_start_admin(dev);
	if (!err)
		err = npp_start_io(dev);
	/* What a reset of the slot will have to restore. */
	if (!err)
		pci_save_state(dev->pdev);
	WRITE_ONCE(dev->bring_up_task, NULL);
	return err;
}
