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
int npp_request_queue_irq(struct npp_hwq *q)
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
