// SPDX-License-Identifier: GPL-2.0
/* All disks of a controller at once: quiesce, drain, unquiesce, fail, remove. */

#include <linux/blk-mq.h>
#include <linux/jiffies.h>

#include "block/block.h"
#include "compat/compat.h"
#include "queue/queue.h"

/* No I/O in flight until npp_unfreeze_disks().  Context: dev->scan_lock held. */
void npp_freeze_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	list_for_each_entry(ns, &dev->namespaces, entry)
		ns->freeze_flags = npp_queue_freeze(ns->disk->queue);
}

void npp_unfreeze_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	list_for_each_entry_reverse(ns, &dev->namespaces, entry)
		npp_queue_unfreeze(ns->disk->queue, ns->freeze_flags);
	/* A file system that is notified forces its log, which may be on any of them. */
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (ns->blocks_unknown)
			blk_mark_disk_dead(ns->disk);
	}
}

static bool npp_disks_idle(struct npp_dev *dev)
{
	struct npp_ns *ns;
	bool idle = true;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry)
		idle &= blk_mq_freeze_queue_wait_timeout(ns->disk->queue, 0) != 0;
	mutex_unlock(&dev->ns_lock);
	return idle;
}

/*
 * New I/O waits until npp_undrain_disks(), before it becomes a request, also that of
 * disks which appear meanwhile; what is in flight has this long to end, resets of the
 * controller included.  Returns whether all of it has.
 */
bool npp_drain_disks(struct npp_dev *dev, unsigned int limit_ms)
{
	const unsigned long end = jiffies + msecs_to_jiffies(limit_ms);
	struct npp_ns *ns;
	bool idle;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (!dev->draining)
			npp_freeze_start(ns->disk->queue);
	}
	dev->draining = true;
	mutex_unlock(&dev->ns_lock);
	while (!(idle = npp_disks_idle(dev)) && time_before(jiffies, end)) {
		npp_poll_all(dev);
		npp_os_sleep_ms(5);
	}
	return idle;
}

void npp_undrain_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;
	bool kill;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (dev->draining)
			npp_unfreeze(ns->disk->queue);
	}
	dev->draining = false;
	/* Unless a user, or the end of a hold, has revived the controller meanwhile. */
	kill = dev->kill_after_drain && npp_state_io_fails(npp_ctrl_state(&dev->ctrl));
	dev->kill_after_drain = false;
	mutex_unlock(&dev->ns_lock);
	if (kill)
		npp_kill_disks(dev);
}

/*
 * No request is handed to the driver until npp_unquiesce_disks(), and no timeout
 * handler runs any more.  One that starts later finds the state, and a queue that is
 * offline.  Idempotent.
 */
void npp_quiesce_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry)
		npp_ns_quiesce(ns);
	list_for_each_entry(ns, &dev->namespaces, entry)
		blk_sync_queue(ns->disk->queue);
	mutex_unlock(&dev->ns_lock);
}

/* Context: dev->ns_lock held. */
void npp_ns_quiesce(struct npp_ns *ns)
{
	if (!ns->quiesced)
		blk_mq_quiesce_queue(ns->disk->queue);
	ns->quiesced = true;
}

/*
 * What was cancelled goes on by itself: npp_complete_rq() has queued the work that sends
 * it again.  That work must not be queued here: a disk is listed until del_gendisk() has
 * returned, which has cancelled its queue's works by then, and may be freed next.
 * Unquiescing queues nothing where no request is left.
 */
void npp_unquiesce_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (ns->quiesced)
			blk_mq_unquiesce_queue(ns->disk->queue);
		ns->quiesced = false;
		npp_parts_send(ns);
	}
	mutex_unlock(&dev->ns_lock);
}

/*
 * The controller says other limits than those that waiting requests were made for.
 * Each request is checked until a scan has applied the new ones.  @force_fua: it has a
 * volatile write cache now, and writes that wait have lost their FUA to a disk without.
 * Context: a bring-up, the disks quiesced.
 */
void npp_check_requests(struct npp_dev *dev, bool force_fua)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		ns->unchecked_ops = NPP_UNCHECKED_NONE;
		ns->limits_changed = true;
		ns->force_fua |= force_fua;
	}
	mutex_unlock(&dev->ns_lock);
}

/*
 * After npp_unquiesce_disks(): what this may wait for must be able to fail.  Since 6.5 a
 * file system is told, and forces its log, which may be on another
 * of these disks.  So while they are drained it is left to npp_undrain_disks().
 */
void npp_kill_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
	dev->kill_after_drain = dev->draining;
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (!dev->draining)
			blk_mark_disk_dead(ns->disk);
	}
	mutex_unlock(&dev->ns_lock);
}

/*
 * Takes the disks away.  Of a live controller they are written back first; a
 * reset may be needed for that, so the list is not locked.
 */
void npp_remove_disks(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->scan_lock);
	while (!list_empty(&dev->namespaces)) {
		ns = list_first_entry(&dev->namespaces, struct npp_ns, entry);
		npp_ns_remove(dev, ns);
	}
	mutex_unlock(&dev->scan_lock);
}

/*
 * The disk of the controller's only namespace, to be given back by put_disk();
 * -ENOTTY if there is none, -EINVAL if there are several.
 */
int npp_only_namespace(struct npp_dev *dev, struct npp_ns **ns)
{
	int err = 0;

	mutex_lock(&dev->ns_lock);
	*ns = list_first_entry_or_null(&dev->namespaces, struct npp_ns, entry);
	/* A disk that could not be added goes at once, although references exist. */
	if (!*ns || !test_bit(GD_ADDED, &(*ns)->disk->state))
		err = -ENOTTY;
	else if (!list_is_singular(&dev->namespaces))
		err = -EINVAL;
	if (!err)
		get_device(disk_to_dev((*ns)->disk));
	mutex_unlock(&dev->ns_lock);
	return err;
}
