// SPDX-License-Identifier: GPL-2.0
/*
 * Applies what a scan found to the disks: new, changed, replaced, gone.
 * Context of all: process, dev->scan_lock held, which keeps the list as it is.
 */

#include <linux/blkdev.h>

#include "base/log.h"
#include "block/block.h"

static struct npp_ns *npp_ns_find(struct npp_dev *dev, u32 nsid)
{
	struct npp_ns *ns;

	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (ns->info.nsid == nsid)
			return ns;
	}
	return NULL;
}

static bool npp_ns_is_same(const struct npp_ns_info *a, const struct npp_ns_info *b)
{
	return a->command_set == b->command_set && !memcmp(&a->ids, &b->ids, sizeof(a->ids));
}

/*
 * A namespace that is not there, or not what it was: what has not been written yet
 * must not reach what has its number now.
 */
static void npp_ns_remove_dead(struct npp_dev *dev, struct npp_ns *ns)
{
	blk_mark_disk_dead(ns->disk);
	npp_ns_remove(dev, ns);
}

static void npp_ns_update(struct npp_ns *ns, const struct npp_ns_info *info)
{
	const u64 sectors = info->blocks << (info->block_shift - SECTOR_SHIFT);

	if (npp_ns_apply(ns, info))
		return;
	ns->info.blocks = info->blocks;
	if (set_capacity_and_notify(ns->disk, sectors))
		npp_info_limited(ns->dev, "%s: now %llu blocks of %u bytes\n",
				 ns->disk->disk_name, info->blocks, 1u << info->block_shift);
	if (ns->info.read_only != info->read_only)
		set_disk_ro(ns->disk, info->read_only);
	ns->info.read_only = info->read_only;
}

/*
 * What the disk's namespace is now, NULL: unknown.  See npp_reread_frozen().
 * Where it is not the disk's any more, I/O fails once the disk is thawed; the disk is dead
 * only then: file systems are notified, and may wait for other disks, which are frozen too.
 * Context: as said, and the disk frozen.
 */
void npp_ns_reread(struct npp_ns *ns, const struct npp_ns_info *info)
{
	if (info && npp_ns_is_same(&ns->info, info)) {
		npp_ns_update(ns, info);
		if (info->block_shift == ns->info.block_shift)
			return;
	}
	ns->blocks_unknown = true;
	ns->unchecked_ops = NPP_UNCHECKED_NONE;
}

/* Whether this namespace needs another disk than what there is. */
static bool npp_ns_is_over(const struct npp_ns *ns, const struct npp_ns_info *info)
{
	const bool dead = test_bit(GD_DEAD, &ns->disk->state);

	if (!dead && npp_ns_is_same(&ns->info, info))
		return false;
	npp_warn_limited(ns->dev, "%s: %s\n", ns->disk->disk_name, dead ?
			 "recreated, it had failed" :
			 "replaced by another namespace");
	return true;
}

/* The scan has found this namespace. */
void npp_ns_found(struct npp_dev *dev, const struct npp_ns_info *info)
{
	struct npp_ns *ns = npp_ns_find(dev, info->nsid);

	if (ns && npp_ns_is_over(ns, info)) {
		npp_ns_remove_dead(dev, ns);
		ns = NULL;
	}
	if (!ns) {
		/* Disks beyond the scan's last one are kept, but not without end. */
		if (dev->nr_namespaces < 2 * NPP_MAX_NAMESPACES)
			npp_ns_add(dev, info);
		return;
	}
	ns->scan_round = dev->scan_round;
	npp_ns_update(ns, info);
}

/* The scan could not ask about it. */
void npp_ns_keep(struct npp_dev *dev, u32 nsid)
{
	struct npp_ns *ns = npp_ns_find(dev, nsid);

	if (ns)
		ns->scan_round = dev->scan_round;
}

/* What this scan, which came to the number @last, has not met is gone. */
void npp_remove_stale_namespaces(struct npp_dev *dev, u32 last)
{
	struct npp_ns *ns, *next;

	list_for_each_entry_safe(ns, next, &dev->namespaces, entry) {
		if (ns->scan_round == dev->scan_round || ns->info.nsid > last)
			continue;
		npp_info_limited(dev, "%s: namespace removed\n", ns->disk->disk_name);
		npp_ns_remove_dead(dev, ns);
	}
}
