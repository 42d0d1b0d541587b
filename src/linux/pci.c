// SPDX-License-Identifier: GPL-2.0
/* Binding and leaving: the PCI driver. */

#include <linux/idr.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "nvmepp.h"
#include "node.h"

#define NPP_BAR_BYTES 8192	/* registers and the doorbells of the admin queue, at least */

/* What is known to be different about a device; in pci_device_id.driver_data. */
#define NPP_QUIRK_DMA_48BIT		BIT(0)
#define NPP_QUIRK_NO_WRITE_ZEROES	BIT(1)

static DEFINE_IDA(npp_instances);

static int npp_name(struct npp_dev *dev)
{
	const unsigned int base = npp_params.instance_base;

	dev->instance = ida_alloc_range(&npp_instances, base, base + 65535, GFP_KERNEL);
	if (dev->instance < 0)
		return dev->instance;
	snprintf(dev->name, sizeof(dev->name), "nvme%d", dev->instance);
	return 0;
}

/* Registers, and the doorbells of as many queues as we may use. */
static int npp_map_bar(struct npp_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int err;

	if (!(pci_resource_flags(pdev, 0) & IORESOURCE_MEM) ||
	    pci_resource_len(pdev, 0) < NPP_BAR_BYTES) {
		npp_err(dev, "BAR 0 is not %u bytes of memory or more\n", NPP_BAR_BYTES);
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
	const unsigned int wanted = npp_params.max_queues ?: num_possible_cpus();
	unsigned int pairs;
	int err = npp_ctrl_init(&dev->ctrl, dev, PAGE_SHIFT);

	if (err)
		return err;
	pairs = npp_bar_pairs(dev);
	if (pairs < 2) {
		npp_err(dev, "doorbells %u bytes apart: BAR 0 has room for %u queue pairs, 2 are needed\n",
			npp_ctrl_doorbell_stride(&dev->ctrl), pairs);
		return -EOPNOTSUPP;
	}
	dev->page_bytes = 1u << npp_ctrl_page_shift(&dev->ctrl);
	dev->max_queues = min3(wanted, pairs - 1, num_possible_cpus());
	dev->queues = kcalloc_node(dev->max_queues + 1, sizeof(*dev->queues), GFP_KERNEL,
				   dev_to_node(&dev->pdev->dev));
	return dev->queues ? 0 : -ENOMEM;
}

static int npp_alloc_memory(struct npp_dev *dev)
{
	int err;

	err = npp_queue_alloc(dev, 0, NPP_ADMIN_DEPTH);
	if (err)
		return err;
	dev->identify_page = dma_alloc_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES,
						&dev->identify_dma, GFP_KERNEL);
	return dev->identify_page ? npp_dma_pools_create(dev) : -ENOMEM;
}

static void npp_free_memory(struct npp_dev *dev)
{
	unsigned int qid;

	if (dev->queues) {
		for (qid = 0; qid <= dev->allocated_queues; qid++)
			npp_queue_free(dev, qid);
	}
	kfree(dev->queues);
	npp_dma_pools_destroy(dev);
	if (dev->identify_page)
		dma_free_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES, dev->identify_page,
				  dev->identify_dma);
}

static int npp_alloc_tag_set(struct npp_dev *dev)
{
	struct blk_mq_tag_set *set = &dev->tag_set;
	int err;

	if (!dev->io_queues)
		return 0;
	set->ops = &npp_mq_ops;
	set->nr_hw_queues = dev->io_queues;
	set->queue_depth = dev->queues[1].own_tag ?: dev->queues[1].tags;
	set->numa_node = dev_to_node(&dev->pdev->dev);
	set->timeout = msecs_to_jiffies(npp_params.io_timeout_ms);
	set->cmd_size = sizeof(struct npp_iod);
	set->flags = BLK_MQ_F_SHOULD_MERGE;
	set->driver_data = dev;
	err = blk_mq_alloc_tag_set(set);
	dev->has_tag_set = !err;
	return err;
}

static void npp_free_tag_set(struct npp_dev *dev)
{
	if (dev->has_tag_set)
		blk_mq_free_tag_set(&dev->tag_set);
	dev->has_tag_set = false;
}

static int npp_set_dma_mask(struct npp_dev *dev, unsigned long quirks)
{
	const unsigned int bits = quirks & NPP_QUIRK_DMA_48BIT ? 48 : 64;

	/* PRPs have no longest segment; 64 KiB would be assumed. */
	dma_set_max_seg_size(&dev->pdev->dev, UINT_MAX);
	/* Bounce buffers have to keep the place in a page: else PRPs cannot describe them. */
	dma_set_min_align_mask(&dev->pdev->dev, PAGE_SIZE - 1);
	return dma_set_mask_and_coherent(&dev->pdev->dev, DMA_BIT_MASK(bits));
}

static struct npp_dev *npp_dev_create(struct pci_dev *pdev)
{
	struct npp_dev *dev = kzalloc_node(sizeof(*dev), GFP_KERNEL, dev_to_node(&pdev->dev));

	if (!dev)
		return NULL;
	dev->pdev = pdev;
	spin_lock_init(&dev->state_lock);
	spin_lock_init(&dev->admin_lock);
	init_waitqueue_head(&dev->admin_free);
	mutex_init(&dev->ns_lock);
	INIT_LIST_HEAD(&dev->namespaces);
	INIT_WORK(&dev->reset_work, npp_reset_work);
	INIT_DELAYED_WORK(&dev->watch_work, npp_watch_work);
	INIT_DELAYED_WORK(&dev->hold_work, npp_hold_work);
	INIT_WORK(&dev->scan_work, npp_scan_work);
	mutex_init(&dev->scan_lock);
	mutex_init(&dev->effects_lock);
	mutex_init(&dev->rearm_lock);
	dev->irq_cap = npp_params.lost_irq_action;
	dev->gate = npp_gate_create(dev);
	if (dev->gate)
		return dev;
	kfree(dev);
	return NULL;
}

/* Nodes that are still open keep the gate. */
static void npp_dev_destroy(struct npp_dev *dev)
{
	npp_gate_put(dev->gate);
	kfree(dev);
}

/* What the device is found to be: from here on there is a controller to talk to. */
static int npp_discover(struct npp_dev *dev, unsigned long quirks)
{
	int err;

	err = npp_set_dma_mask(dev, quirks);
	if (!err)
		err = npp_choose_limits(dev);
	if (!err)
		err = npp_alloc_memory(dev);
	if (!err)
		err = npp_bring_up(dev);
	if (quirks & NPP_QUIRK_NO_WRITE_ZEROES)
		dev->info.can_write_zeroes = false;
	if (!err)
		err = npp_alloc_tag_set(dev);
	if (err)
		return err;
	dev->node = npp_node_add_controller(dev);
	return dev->node ? 0 : -ENOMEM;
}

static int npp_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct npp_dev *dev = npp_dev_create(pdev);
	int err;

	if (!dev)
		return -ENOMEM;
	err = npp_name(dev);
	if (err)
		goto free_dev;
	err = npp_pci_enable(dev);
	if (err)
		goto free_name;
	err = npp_map_bar(dev);
	if (err)
		goto disable;
	err = npp_discover(dev, id->driver_data);
	if (err)
		goto undo;

	pci_set_drvdata(pdev, dev);
	npp_set_state(dev, NPP_LIVE);
	npp_info(dev, "%s, firmware %s, serial %s: %u I/O queues of %u, %s\n", dev->info.model,
		 dev->info.firmware, dev->info.serial, dev->io_queues,
		 dev->has_tag_set ? dev->tag_set.queue_depth : 0, npp_irq_type(dev));
	npp_sysfs_add(dev);
	npp_debugfs_add(dev);
	npp_scan(dev);
	return 0;

undo:
	npp_err(dev, "cannot be served (%d)\n", err);
	if (dev->queues)
		npp_tear_down(dev, false);
	npp_free_tag_set(dev);
	npp_free_memory(dev);
	npp_unmap_bar(dev);
disable:
	npp_pci_disable(dev);
free_name:
	ida_free(&npp_instances, dev->instance);
free_dev:
	npp_dev_destroy(dev);
	return err;
}

/*
 * A controller that is paused for PCI error recovery is brought up, to be left in
 * order; where recovery is not through, that can only fail.
 */
static void npp_end_pause(struct npp_dev *dev)
{
	cancel_delayed_work_sync(&dev->hold_work);
	if (npp_ctrl_state(&dev->ctrl) == NPP_PAUSED && pci_channel_offline(dev->pdev))
		npp_give_up(dev, NPP_RESET_PCI_LOST);
	npp_unpause(dev, NPP_HOLD_ANY);
}

/*
 * A device that is there is left in order: its disks are written back while it
 * still serves.  One that has been pulled fails what is outstanding first, since
 * nothing else ends it.
 */
static void npp_remove(struct pci_dev *pdev)
{
	struct npp_dev *dev = pci_get_drvdata(pdev);

	npp_end_pause(dev);
	npp_set_state(dev, NPP_REMOVING);
	flush_work(&dev->reset_work);
	cancel_work_sync(&dev->scan_work);
	if (!pci_device_is_present(pdev)) {
		npp_give_up(dev, NPP_RESET_DEVICE_GONE);
		flush_work(&dev->reset_work);
	}
	npp_debugfs_remove(dev);
	npp_sysfs_remove(dev);
	npp_disks_remove(dev);
	npp_node_remove(dev->node);
	npp_reset_end(dev);

	npp_tear_down(dev, true);
	/* Whoever waited for a command inside has been told. */
	npp_gate_close(dev->gate);
	npp_free_tag_set(dev);
	npp_free_memory(dev);
	npp_unmap_bar(dev);
	ida_free(&npp_instances, dev->instance);
	npp_info(dev, "left\n");
	npp_dev_destroy(dev);
}

/*
 * The machine goes down: nothing may be in the controller's cache.  New I/O waits
 * for ever.  What is in flight has its time; what is not done by then fails, since
 * taking CPUs offline, as some machines do on the way, would wait for it.
 */
static void npp_shutdown(struct pci_dev *pdev)
{
	struct npp_dev *dev = pci_get_drvdata(pdev);

	cancel_delayed_work_sync(&dev->hold_work);
	npp_disks_drain(dev, npp_params.shutdown_timeout_ms);
	npp_set_state(dev, NPP_REMOVING);
	flush_work(&dev->reset_work);
	npp_disks_quiesce(dev);
	WRITE_ONCE(dev->give_up, true);
	npp_tear_down(dev, true);
	npp_disks_resume(dev);
}

/*
 * Every NVMe device by its class.  There is no MODULE_DEVICE_TABLE on purpose:
 * udev must not load this module beside the in-tree driver.  What is bound to
 * another driver stays there.
 */
static const struct pci_device_id npp_ids[] = {
	{ PCI_DEVICE(0x1d0f, 0x0061), .driver_data = NPP_QUIRK_DMA_48BIT },	/* Amazon */
	{ PCI_DEVICE(0x1d0f, 0x0065), .driver_data = NPP_QUIRK_DMA_48BIT },
	{ PCI_DEVICE(0x1d0f, 0x8061), .driver_data = NPP_QUIRK_DMA_48BIT },
	{ PCI_DEVICE(0x1d0f, 0xcd00), .driver_data = NPP_QUIRK_DMA_48BIT },
	{ PCI_DEVICE(0x1d0f, 0xcd01), .driver_data = NPP_QUIRK_DMA_48BIT },
	{ PCI_DEVICE(0x1d0f, 0xcd02), .driver_data = NPP_QUIRK_DMA_48BIT },
	{ PCI_DEVICE(0x8086, 0x5845), .driver_data = NPP_QUIRK_NO_WRITE_ZEROES }, /* old QEMU */
	{ PCI_DEVICE_CLASS(PCI_CLASS_STORAGE_EXPRESS, 0xffffff) },
	{ }
};

static struct pci_driver npp_pci_driver = {
	.name = KBUILD_MODNAME,
	.id_table = npp_ids,
	.probe = npp_probe,
	.remove = npp_remove,
	.shutdown = npp_shutdown,
	.err_handler = &npp_pci_error_handlers,
	.driver.pm = pm_sleep_ptr(&npp_pm_ops),
};

static int npp_watch_one(struct device *device, void *unused)
{
	struct npp_dev *dev;

	device_lock(device);	/* keeps probe and remove out */
	dev = dev_get_drvdata(device);
	if (dev)
		npp_watch_kick(dev);
	device_unlock(device);
	return 0;
}

/* The driver is registered, and stays so until the parameters' lock is free. */
static bool npp_registered;

static void npp_set_registered(bool registered)
{
	kernel_param_lock(THIS_MODULE);
	npp_registered = registered;
	kernel_param_unlock(THIS_MODULE);
}

/* A parameter has changed.  Context: process, the parameters' lock held. */
void npp_watch_all(void)
{
	if (npp_registered)
		WARN_ON(driver_for_each_device(&npp_pci_driver.driver, NULL, NULL, npp_watch_one));
}

static int __init npp_init(void)
{
	int err = npp_params_check();

	if (err)
		return err;
	err = npp_reset_init();
	if (err)
		return err;
	err = npp_chardev_init();
	if (err)
		goto exit_reset;
	npp_debugfs_init();
	err = pci_register_driver(&npp_pci_driver);
	if (err)
		goto exit_debugfs;
	npp_set_registered(true);
	return 0;

exit_debugfs:
	npp_debugfs_exit();
	npp_chardev_exit();
exit_reset:
	npp_reset_exit();
	return err;
}

static void __exit npp_exit(void)
{
	npp_set_registered(false);
	pci_unregister_driver(&npp_pci_driver);
	npp_debugfs_exit();
	npp_chardev_exit();
	npp_reset_exit();
	ida_destroy(&npp_instances);
}

module_init(npp_init);
module_exit(npp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("NVMe PCIe driver that looks before it resets");
