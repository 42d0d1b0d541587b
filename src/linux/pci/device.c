// SPDX-License-Identifier: GPL-2.0
/* One controller's structure: what it consists of, made and given back. */

#include <linux/pci.h>
#include <linux/slab.h>

#include "base/gate.h"
#include "base/log.h"
#include "base/noio.h"
#include "base/page.h"
#include "base/params.h"
#include "base/request.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "pci/pci.h"
#include "queue/queue.h"
#include "recovery/recovery.h"
#include "user/node.h"

#define NPP_BAR_BYTES 8192	/* registers and the doorbells of the admin queue, at least */

/* Registers, and the doorbells of as many queues as we may use. */
static int npp_map_bar(struct npp_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int err;

	if (!(pci_resource_flags(pdev, 0) & IORESOURCE_MEM) ||
	    pci_resource_len(pdev, 0) < NPP_BAR_BYTES) {
		npp_err(dev, "BAR 0 is smaller than %u bytes, or no memory\n", NPP_BAR_BYTES);
		return -ENODEV;
	}
	err = pci_request_mem_regions(pdev, KBUILD_MODNAME);
	if (err)
		return err;
	dev->bar = pci_ioremap_bar(pdev, 0);
	if (!dev->bar) {
		pci_release_mem_regions(pdev);
		return -ENOMEM;
	}
	return 0;
}

static void npp_unmap_bar(struct npp_dev *dev)
{
	if (!dev->bar)
		return;
	iounmap(dev->bar);
	pci_release_mem_regions(dev->pdev);
}

/* Queue pairs whose doorbells lie within the BAR, the admin queue's included. */
static unsigned int npp_bar_pairs(const struct npp_dev *dev)
{
	const u64 doorbells = pci_resource_len(dev->pdev, 0) - NPP_DOORBELLS;

	return min_t(u64, div_u64(doorbells, 2 * npp_ctrl_doorbell_stride(&dev->ctrl)), U16_MAX);
}

static int npp_choose_limits(struct npp_dev *dev)
{
	const unsigned int cpus = num_possible_cpus();
	const unsigned int wanted = min(npp_params.max_queues ?: cpus, cpus);
	const unsigned int pairs = npp_bar_pairs(dev);

	if (pairs < 2) {
		npp_err(dev, "doorbells %u bytes apart: BAR 0 has room for %u queue pairs, 2 are needed\n",
			npp_ctrl_doorbell_stride(&dev->ctrl), pairs);
		return -EOPNOTSUPP;
	}
	dev->page_bytes = 1u << npp_ctrl_page_shift(&dev->ctrl);
	/* Bounce buffers have to keep the place in a page: else PRPs cannot describe them. */
	dma_set_min_align_mask(&dev->pdev->dev, dev->page_bytes - 1);
	dev->poll_queues = min(npp_params.poll_queues, cpus);
	dev->max_queues = min(wanted + dev->poll_queues, pairs - 1);
	dev->queues = kcalloc_node(dev->max_queues + 1, sizeof(*dev->queues), GFP_KERNEL,
				   dev_to_node(&dev->pdev->dev));
	return dev->queues ? 0 : -ENOMEM;
}

static int npp_alloc_memory(struct npp_dev *dev)
{
	int err;

	err = npp_dma_init(dev);
	if (!err)
		err = npp_queue_alloc(dev, 0, NPP_ADMIN_DEPTH);
	if (err)
		return err;
	return npp_page_alloc(dev, &dev->identify);
}

static void npp_free_memory(struct npp_dev *dev)
{
	unsigned int qid;

	npp_dma_exit(dev);
	for (qid = 0; dev->queues && qid <= dev->allocated_queues; qid++)
		npp_queue_free(dev, qid);
	kfree(dev->queues);
	npp_shadow_free(dev);
	npp_page_free(dev, &dev->identify);
}

static int npp_set_dma_mask(struct npp_dev *dev, unsigned long quirks)
{
	const unsigned int bits = quirks & NPP_QUIRK_DMA_48BIT ? 48 : 64;

	/* PRPs have no longest segment; 64 KiB would be assumed. */
	dma_set_max_seg_size(&dev->pdev->dev, UINT_MAX);
	return dma_set_mask_and_coherent(&dev->pdev->dev, DMA_BIT_MASK(bits));
}

/*
 * The binary logarithm of the largest page that has contiguous bus addresses and keeps its
 * alignment.  An IOMMU may map in smaller units than the CPU does (4 KiB beside pages of 16
 * or 64): what lies at 8 KiB in a page of memory need not lie so in one of bus addresses.
 */
static u8 npp_host_page_shift(struct npp_dev *dev)
{
	return min_t(u8, PAGE_SHIFT, npp_iommu_page_shift(&dev->pdev->dev));
}

/* The number belongs to the gate, which is there as long as anything has the name. */
static int npp_name(struct npp_dev *dev)
{
	struct npp_gate *gate = npp_gate_create(dev);

	if (IS_ERR(gate))
		return PTR_ERR(gate);
	dev->gate = gate;
	dev->instance = gate->instance;
	snprintf(dev->name, sizeof(dev->name), "nvme%d", dev->instance);
	return 0;
}

static struct npp_dev *npp_dev_alloc(struct pci_dev *pdev)
{
	struct npp_dev *dev = kzalloc_node(sizeof(*dev), GFP_KERNEL, dev_to_node(&pdev->dev));
	int err;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->pdev = pdev;
	spin_lock_init(&dev->state_lock);
	spin_lock_init(&dev->admin_lock);
	init_waitqueue_head(&dev->admin_free);
	mutex_init(&dev->ns_lock);
	INIT_LIST_HEAD(&dev->namespaces);
	init_waitqueue_head(&dev->state_changed);
	INIT_DELAYED_WORK(&dev->reset_work, npp_reset_work);
	INIT_WORK(&dev->uevent_work, npp_uevent_work);
	INIT_DELAYED_WORK(&dev->removal_work, npp_removal_work);
	npp_watchdog_init(dev);
	INIT_DELAYED_WORK(&dev->hold_work, npp_hold_work);
	INIT_WORK(&dev->scan_work, npp_scan_work);
	INIT_DELAYED_WORK(&dev->event_work, npp_async_event_work);
	dev->event_burst_end = jiffies;
	mutex_init(&dev->scan_lock);
	mutex_init(&dev->effects_lock);
	mutex_init(&dev->info_lock);
	mutex_init(&dev->restore_lock);
	npp_lock_is_for_resets(&dev->ns_lock);
	npp_lock_is_for_resets(&dev->info_lock);
	npp_lock_is_for_resets(&dev->restore_lock);
	dev->irq_cap = npp_params.lost_irq_action;
	dev->ctrl_loss_tmo = npp_params.ctrl_loss_tmo;
	dev->fast_io_fail_tmo = npp_params.fast_io_fail_tmo;
	err = npp_name(dev);
	if (!err)
		return dev;
	kfree(dev);
	return ERR_PTR(err);
}

/* What the device is found to be: from here on there is a controller to talk to. */
static int npp_discover(struct npp_dev *dev, unsigned long quirks)
{
	int err;

	err = npp_set_dma_mask(dev, quirks);
	if (!err)
		err = npp_ctrl_init(&dev->ctrl, dev, npp_host_page_shift(dev));
	if (err)
		return err;
	npp_ctrl_set_quirks(&dev->ctrl, quirks);
	err = npp_choose_limits(dev);
	if (!err)
		err = npp_alloc_memory(dev);
	if (!err)
		err = npp_bring_up(dev);
	if (!err)
		err = npp_alloc_tag_set(dev);
	if (err)
		return err;
	dev->node = npp_node_add_controller(dev);
	return dev->node ? 0 : -ENOMEM;
}

/*
 * What @pdev is, brought up; @quirks are its NPP_QUIRK_*.  Where that fails, an error
 * pointer, and nothing is left.  Context: probe.
 */
struct npp_dev *npp_dev_create(struct pci_dev *pdev, unsigned long quirks)
{
	struct npp_dev *dev = npp_dev_alloc(pdev);
	int err;

	if (IS_ERR(dev))
		return dev;
	err = npp_pci_enable(dev);
	if (!err)
		err = npp_map_bar(dev);
	if (!err)
		err = npp_discover(dev, quirks);
	if (!err)
		return dev;
	npp_err(dev, "probe failed (%d)\n", err);
	/* The last of the memory that bring-up needs: without it nothing was begun. */
	if (dev->identify.shared)
		npp_tear_down(dev, NPP_DOWN);
	npp_dev_destroy(dev);
	return ERR_PTR(err);
}

/*
 * What there is of it; torn down before, and its gate closed if it has been open.
 * Nodes that are still open keep the gate.  Context: probe, remove.
 */
void npp_dev_destroy(struct npp_dev *dev)
{
	/* The admin queue of a probe that failed may have sent some. */
	cancel_work_sync(&dev->uevent_work);
	npp_free_irqs(dev);
	npp_free_tag_set(dev);
	npp_free_memory(dev);
	npp_unmap_bar(dev);
	npp_pci_disable(dev);
	npp_gate_put(dev->gate);
	kfree(dev);
}
