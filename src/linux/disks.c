// SPDX-License-Identifier: GPL-2.0
/* All disks of a controller at once: held, drained, let go, given up. */

#include <linux/blk-mq.h>
#include <linux/jiffies.h>

#include "nvmepp.h"

/* No I/O in flight until npp_disks_unfreeze().  Context: dev->scan_lock held. */
void npp_disks_freeze(struct npp_dev *dev)
{
	struct npp_ns *ns;

	list_for_each_entry(ns, &dev->namespaces, entry)
		ns->freeze_flags = npp_queue_freeze(ns->disk->queue);
}

void npp_disks_unfreeze(struct npp_dev *dev)
{
	struct npp_ns *ns;

	list_for_each_entry_reverse(ns, &dev->namespaces, entry)
		npp_queue_unfreeze(ns->disk->queue, ns->freeze_flags);
}

static bool npp_disks_idle(struct npp_dev *dev)
{
	struct npp_ns *ns;
	bool idle = true;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry)
		idle &= !ns->draining || blk_mq_freeze_queue_wait_timeout(ns->disk->queue, 0);
	mutex_unlock(&dev->ns_lock);
	return idle;
}

/* From here on no request begins.  Context: process, dev->ns_lock held. */
void npp_ns_drain(struct npp_ns *ns)
{
	if (!ns->draining)
		npp_freeze_start(ns->disk->queue);
	ns->draining = true;
}

/*
 * New I/O waits until npp_disks_undrain(), before it becomes a request, also that of
 * disks which appear meanwhile; what is in flight has this long to end, resets of the
 * controller included.  Returns whether all of it has.
 */
bool npp_disks_drain(struct npp_dev *dev, unsigned int limit_ms)
{
	const unsigned long end = jiffies + msecs_to_jiffies(limit_ms);
	struct npp_ns *ns;
	bool idle;

	mutex_lock(&dev->ns_lock);
	dev->draining = true;
	list_for_each_entry(ns, &dev->namespaces, entry)
		npp_ns_drain(ns);
	mutex_unlock(&dev->ns_lock);
	while (!(idle = npp_disks_idle(dev)) && time_before(jiffies, end)) {
		npp_poll_all(dev);
		nppk_sleep_ms(5);
	}
	return idle;
}

void npp_disks_undrain(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	dev->draining = false;
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (ns->draining)
			npp_unfreeze(ns->disk->queue);
		ns->draining = false;
	}
	mutex_unlock(&dev->ns_lock);
}

/*
 * No request is handed to the driver until npp_disks_resume(), and no timeout
 * handler runs any more.  One that starts later finds the state resetting, and
 * queues without an interrupt.
 */
void npp_disks_quiesce(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (!dev->quiesced)
			blk_mq_quiesce_queue(ns->disk->queue);
	}
	dev->quiesced = true;
	list_for_each_entry(ns, &dev->namespaces, entry)
		blk_sync_queue(ns->disk->queue);
	mutex_unlock(&dev->ns_lock);
}

void npp_disks_resume(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (dev->quiesced)
			blk_mq_unquiesce_queue(ns->disk->queue);
		blk_mq_kick_requeue_list(ns->disk->queue);
	}
	dev->quiesced = false;
	mutex_unlock(&dev->ns_lock);
}

/* After npp_disks_resume(): what this may wait for must be able to fail. */
void npp_disks_dead(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry)
		blk_mark_disk_dead(ns->disk);
	mutex_unlock(&dev->ns_lock);
}
