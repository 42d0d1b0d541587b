// SPDX-License-Identifier: GPL-2.0
/* Binding and leaving: the PCI driver. */

#include <linux/module.h>
#include <linux/pci.h>

#include "base/gate.h"
#include "base/log.h"
#include "base/params.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "pci/pci.h"
#include "queue/queue.h"
#include "recovery/recovery.h"
#include "sysfs/sysfs.h"
#include "user/user.h"

static int npp_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct npp_dev *dev = npp_dev_create(pdev, id->driver_data);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	pci_set_drvdata(pdev, dev);
	npp_set_live(dev);
	npp_watchdog_add(dev);
	npp_info(dev, "%s, firmware %s, serial %s: %u I/O queues of %u, %s\n", dev->info.model,
		 dev->info.firmware, dev->info.serial, dev->io_queues,
		 dev->has_tag_set ? dev->tag_set.queue_depth : 0, npp_irq_type(dev));
	npp_sysfs_add(dev);
	npp_subsystem_join(dev);
	npp_debugfs_add(dev);
	/* Before the scan, so that a later change is reported. */
	npp_submit_async_event(dev);
	npp_scan(dev);
	return 0;
}

#define NPP_REMOVAL_TICK_MS 1000
#define NPP_REMOVAL_IDLE_MS 60000

static u64 npp_completions(struct npp_dev *dev)
{
	u64 sum = 0;
	unsigned int qid;

	for (qid = 1; qid <= dev->allocated_queues; qid++)
		sum += npp_queue_taken(&dev->queues[qid].core);
	return sum;
}

/*
 * Taking the disks away waits for their I/O, of which io_timeout_ms may say that it has
 * a month.  Where nothing completes for two timeouts, a minute at most, it fails.  A
 * poll queue's requests may have a sender that was stopped.
 */
void npp_removal_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(to_delayed_work(work), struct npp_dev, removal_work);
	const u64 limit_ms = min_t(u64, 2ull * npp_params.io_timeout_ms, NPP_REMOVAL_IDLE_MS);
	const u64 completions = npp_completions(dev);

	npp_poll_all(dev);
	if (completions != dev->removal_completions) {
		dev->removal_completions = completions;
		dev->removal_idle_ms = 0;
	} else if (dev->removal_idle_ms >= limit_ms) {
		npp_fail_ctrl(dev, NPP_RESET_REMOVAL);
		return;
	}
	dev->removal_idle_ms += NPP_REMOVAL_TICK_MS;
	queue_delayed_work(npp_wq, &dev->removal_work, msecs_to_jiffies(NPP_REMOVAL_TICK_MS));
}

/*
 * A controller that waits for its next attempt has one now, and one that is paused is
 * brought up, so that its disks can be written back; each for one attempt at most.
 */
static void npp_last_attempt(struct npp_dev *dev)
{
	if (npp_ctrl_state(&dev->ctrl) == NPP_RECONNECT_WAIT && !npp_device_gone(dev))
		npp_user_reset(dev);
}

/*
 * A device that is there is left in order: its disks are written back while it
 * still serves.  One that has been pulled fails what is outstanding first, since
 * nothing else ends it.
 */
static void npp_remove(struct pci_dev *pdev)
{
	struct npp_dev *dev = pci_get_drvdata(pdev);

	npp_watchdog_remove(dev);
	cancel_delayed_work_sync(&dev->hold_work);
	npp_last_attempt(dev);
	npp_begin_removal(dev);
	npp_wait_settled(dev);
	/* A scan waits for answers, as does what is in flight: both end here. */
	if (npp_device_gone(dev))
		npp_fail_ctrl(dev, NPP_RESET_DEVICE_GONE);
	queue_delayed_work(npp_wq, &dev->removal_work, 0);
	cancel_work_sync(&dev->scan_work);
	npp_debugfs_remove(dev);
	npp_sysfs_remove(dev);
	npp_remove_disks(dev);
	cancel_delayed_work_sync(&dev->removal_work);
	npp_subsystem_leave(dev);
	npp_node_remove(dev->node);
	npp_end_io(dev);

	npp_tear_down(dev, NPP_DOWN_ORDERLY);
	/* What it was sending has been cancelled, and there is no queue for more. */
	cancel_delayed_work_sync(&dev->event_work);
	/* All waits for commands inside it have ended. */
	npp_gate_close(dev->gate);
	npp_info(dev, "removed\n");
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
	npp_drain_disks(dev, npp_params.shutdown_timeout_ms);
	/* Of two that take the controller down, one would cut the other's shutdown short. */
	npp_end_io(dev);
	npp_quiesce_disks(dev);
	npp_tear_down(dev, NPP_DOWN_ORDERLY);
	npp_unquiesce_disks(dev);
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
	{ PCI_DEVICE(0x1b36, 0x0010), .driver_data = NPP_QUIRK_BOGUS_IDS },	/* QEMU */
	{ PCI_DEVICE(0x8086, 0x5845),						/* old QEMU */
	  .driver_data = NPP_QUIRK_NO_WRITE_ZEROES | NPP_QUIRK_BOGUS_IDS },
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
	/* Each waits for its device most of the time. insmod waits for all. */
	.driver.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	.driver.pm = pm_sleep_ptr(&npp_pm_ops),
};

/*
 * Commands in flight are watched by the new value at once.  Context: process, the
 * parameters' lock held.
 */
static int npp_set_param_lost_irq_ms(const char *text, const struct kernel_param *kp)
{
	const int err = npp_set_lost_irq_ms(text);

	if (!err)
		npp_watchdog_kick_all();
	return err;
}

static const struct kernel_param_ops npp_lost_irq_ms_ops = {
	.set = npp_set_param_lost_irq_ms,
	.get = param_get_uint,
};

module_param_cb(lost_irq_ms, &npp_lost_irq_ms_ops, &npp_params.lost_irq_ms, 0644);
MODULE_PARM_DESC(lost_irq_ms,
		 "milliseconds a completion may wait without an interrupt (10..10000, 0: off, default 16)");

static int __init npp_init(void)
{
	int err = npp_params_check();

	if (err)
		return err;
	err = npp_state_init();
	if (err)
		return err;
	err = npp_classes_init();
	if (err)
		goto exit_reset;
	err = npp_chardev_init();
	if (err)
		goto exit_classes;
	npp_debugfs_init();
	err = pci_register_driver(&npp_pci_driver);
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	npp_debugfs_exit();
	npp_chardev_exit();
exit_classes:
	npp_classes_exit();
exit_reset:
	npp_state_exit();
	return err;
}

static void __exit npp_exit(void)
{
	pci_unregister_driver(&npp_pci_driver);
	npp_debugfs_exit();
	npp_chardev_exit();
	npp_subsystem_exit();
	npp_classes_exit();
	npp_state_exit();
	npp_gate_exit();
}

module_init(npp_init);
module_exit(npp_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("NVMe PCIe driver that polls the completion queue before it resets");
