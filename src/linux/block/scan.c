// SPDX-License-Identifier: GPL-2.0
/*
 * Which namespaces there are: at probe, and whenever something may have changed.
 * dev->scan_lock lets one scan at a time through, and none while a command that
 * changes namespaces is at work.
 */

#include <linux/workqueue.h>

#include "base/log.h"
#include "base/page.h"
#include "block/block.h"
#include "ctrl/state.h"

#define NPP_SCAN_BATCH 64

/*
 * A reset takes the scan's commands with it: after one that helped, the command
 * is worth another try.
 */
static bool npp_worth_retrying(struct npp_dev *dev, int err)
{
	if (err != -ECANCELED && err != -ENODEV)
		return false;
	return npp_wait_settled(dev) == NPP_LIVE;
}

static int npp_identify_ns_retry(struct npp_dev *dev, const struct npp_page *p, u32 nsid,
				 struct npp_ns_info *info)
{
	int tries = 3, err;

	do {
		err = npp_identify_ns(&dev->ctrl, nsid, p, info);
	} while (err && --tries && npp_worth_retrying(dev, err));
	return err;
}

/* As npp_identify_ns_retry(), but waits until the controller answers, or is lost. */
static int npp_identify_frozen(struct npp_dev *dev, const struct npp_page *p, u32 nsid,
			       struct npp_ns_info *info)
{
	int err;

	do {
		err = npp_identify_ns_retry(dev, p, nsid, info);
	} while ((err == -ECANCELED || err == -ENODEV) && npp_wait_live(dev));
	return err;
}

static void npp_scan_one(struct npp_dev *dev, const struct npp_page *p, u32 nsid)
{
	struct npp_ns_info info;
	const int err = npp_identify_ns_retry(dev, p, nsid, &info);

	/* No answer says nothing about the namespace: what was known of it stays. */
	if (!err)
		npp_ns_found(dev, &info);
	else if (err != -EINVAL && err != -EOPNOTSUPP && err != -EPROTO)
		npp_ns_keep(dev, nsid);
}

static int npp_list_ns_retry(struct npp_dev *dev, const struct npp_page *p, u32 after,
			     u32 *nsids, u32 *count)
{
	int tries = 3, err;

	do {
		err = npp_list_namespaces(&dev->ctrl, after, p, nsids, NPP_SCAN_BATCH,
					  count);
	} while (err && --tries && npp_worth_retrying(dev, err));
	return err;
}

static void npp_warn_of_rest(struct npp_dev *dev, u32 last)
{
	const u32 highest = dev->info.namespaces;

	if (last < highest)
		npp_warn_limited(dev,
				 "namespaces above %u (NN: %u) not served: a scan asks for %u\n",
				 last, highest, NPP_MAX_NAMESPACES);
}

/*
 * True if every namespace up to the number @last has been listed: all of them, or as many
 * as are served.  Where a controller refuses the list these are numbers up to NN, 2^32 - 1 at
 * most, so that the limit is one of numbers, too.  A removal ends the scan.
 */
static bool npp_scan_all(struct npp_dev *dev, const struct npp_page *p, u32 *last)
{
	u32 nsids[NPP_SCAN_BATCH];
	u32 count, i, after = 0, seen = 0;

	do {
		if (npp_list_ns_retry(dev, p, after, nsids, &count))
			return false;
		for (i = 0; i < count && seen < NPP_MAX_NAMESPACES; i++, seen++) {
			if (npp_state_is_removal(npp_ctrl_state(&dev->ctrl)))
				return false;
			npp_scan_one(dev, p, nsids[i]);
			after = nsids[i];
		}
	} while (count == NPP_SCAN_BATCH && seen < NPP_MAX_NAMESPACES);
	*last = U32_MAX;
	if (seen == NPP_MAX_NAMESPACES) {
		*last = after;
		npp_warn_of_rest(dev, after);
	}
	return true;
}

static int npp_scan_locked(struct npp_dev *dev)
{
	struct npp_page p;
	u32 last;

	if (npp_page_alloc(dev, &p))
		return -ENOMEM;
	dev->scan_round++;
	/* Before Identify, so that a later change is reported. */
	npp_clear_changed_namespaces(&dev->ctrl, &dev->info, p.dma);
	if (npp_scan_all(dev, &p, &last))
		npp_remove_stale_namespaces(dev, last);
	npp_page_free(dev, &p);
	return 0;
}

/*
 * After a command like Format, before the I/O that has waited for it goes on: blocks
 * are counted as the namespace has them now.  Where that cannot be learned, I/O fails,
 * and the scan that follows makes the disk anew.
 * Context: process, dev->scan_lock held, the disks frozen; @p is the caller's, since
 * there is no way back once the command has been sent.
 */
void npp_reread_frozen(struct npp_dev *dev, const struct npp_page *p)
{
	struct npp_ns_info info;
	struct npp_ns *ns;

	list_for_each_entry(ns, &dev->namespaces, entry) {
		const int err = npp_identify_frozen(dev, p, ns->info.nsid, &info);

		npp_ns_reread(ns, err ? NULL : &info);
	}
}

/*
 * Every active namespace; one that cannot be served does not concern the others.
 * Disks appear, change and disappear accordingly.
 */
void npp_scan(struct npp_dev *dev)
{
	if (!dev->has_tag_set)
		return;
	mutex_lock(&dev->scan_lock);
	if (npp_scan_locked(dev))
		npp_err(dev, "no memory for a namespace scan\n");
	mutex_unlock(&dev->scan_lock);
}

void npp_scan_work(struct work_struct *work)
{
	npp_scan(container_of(work, struct npp_dev, scan_work));
}

/* False if the controller is being left.  Context: any but interrupts. */
bool npp_scan_schedule(struct npp_dev *dev)
{
	bool wanted;

	spin_lock(&dev->state_lock);
	wanted = !npp_state_is_removal(npp_ctrl_state(&dev->ctrl));
	if (wanted)
		queue_work(system_unbound_wq, &dev->scan_work);
	spin_unlock(&dev->state_lock);
	return wanted;
}

/* Returns when the disks are what the controller says.  0 or -ENODEV. */
int npp_rescan(struct npp_dev *dev)
{
	if (!npp_scan_schedule(dev))
		return -ENODEV;
	flush_work(&dev->scan_work);
	return 0;
}

/*
 * How many blocks are in use, as the controller says now; where it does not, what
 * it said last.  Context: the namespace's disk is there.
 */
void npp_ns_read_use(struct npp_ns *ns)
{
	struct npp_dev *dev = ns->dev;
	struct npp_page p;
	u64 blocks;

	if (npp_page_alloc(dev, &p))
		return;
	if (!npp_read_blocks_used(&dev->ctrl, ns->info.nsid, &p, &blocks))
		WRITE_ONCE(ns->info.blocks_used, blocks);
	npp_page_free(dev, &p);
}
