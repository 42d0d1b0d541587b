// SPDX-License-Identifier: GPL-2.0
/* A controller taken down: disabled, its completions reaped, the rest cancelled. */

#include <linux/pci.h>

#include "base/params.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

/* Not counted as polls that find a lost interrupt: there was no time for it to come. */
static void npp_reap_pending_cqes(struct npp_hwq *q)
{
	/* A probe that ran out of memory: there has been no queue yet. */
	if (q->cq)
		npp_reap_outside(q, false);
}

/* May registers be accessed?  A single read of all-ones says no. */
static bool npp_reachable(struct npp_dev *dev)
{
	return dev->pci_enabled && !pci_channel_offline(dev->pdev) &&
	       pci_device_is_present(dev->pdev) &&
	       npp_ctrl_health(&dev->ctrl) != NPP_HEALTH_GONE;
}

/*
 * An orderly end before a healthy controller is disabled (base 2.0, 3.6.1): its queues
 * are deleted, then it is asked to shut down.  One that does not answer has the time of
 * a shutdown for it, and no more.
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

/* Whether the controller is known to be disabled. */
static bool npp_disable_ctrl(struct npp_dev *dev, enum npp_down how)
{
	if (!npp_reachable(dev))
		return false;
	if (how == NPP_DOWN_AT_ONCE)
		return npp_ctrl_disable_at_once(&dev->ctrl) == 0;
	npp_ctrl_limit_ready(&dev->ctrl, U32_MAX);
	return npp_ctrl_disable(&dev->ctrl) == 0;
}

/*
 * Steps 3 to 7 of a reset (see src/README.md).  The disks are quiesced, or there
 * are none.  Idempotent.  Memory that the controller may write is given back
 * only after the controller has been disabled, or can no longer reach memory.
 * Context: probe, the reset worker, then remove; never two of them.
 */
void npp_tear_down(struct npp_dev *dev, enum npp_down how)
{
	unsigned int qid;

	for (qid = 1; qid <= dev->allocated_queues; qid++)
		WRITE_ONCE(dev->queues[qid].enabled, false);
	if (how == NPP_DOWN_ORDERLY && npp_reachable(dev))
		npp_shutdown_ctrl(dev);
	npp_enable_admin_queue(dev, false);
	npp_watchdog_stop(dev);

	for (qid = 0; qid <= dev->allocated_queues; qid++)
		npp_sync_cq(&dev->queues[qid]);
	if (!npp_disable_ctrl(dev, how) && dev->pci_enabled)
		pci_clear_master(dev->pdev);

	for (qid = 0; qid <= dev->allocated_queues; qid++) {
		npp_queue_offline(&dev->queues[qid]);
		npp_irq_release_disabled(&dev->queues[qid]);
		npp_fallback_poll_quit(&dev->queues[qid]);
		npp_reap_pending_cqes(&dev->queues[qid]);
		npp_vector_test_cancel(&dev->queues[qid]);
	}
	dev->io_queues = 0;

	npp_admin_cancel_all(dev);
	npp_cancel_requests(dev);
	npp_close_queues(dev);
}
