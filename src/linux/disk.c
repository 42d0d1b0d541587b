// SPDX-License-Identifier: GPL-2.0
/* The disks of a controller: one for each namespace that can be served. */

#include <linux/blkdev.h>
#include <linux/slab.h>

#include "nvmepp.h"

#define NPP_MAX_NAMESPACES 1024
#define NPP_SCAN_BATCH 64

/* The last user of the disk is gone.  Context: process. */
static void npp_free_disk(struct gendisk *disk)
{
	kfree(disk->private_data);
}

static int npp_get_unique_id(struct gendisk *disk, u8 id[16], enum blk_unique_id type)
{
	const struct npp_ns *ns = disk->private_data;
	int bytes;

	/* SPC calls both an EUI-64 based identifier; a UUID is none. */
	if (type != BLK_UID_EUI64 || !ns->info.id_kind || ns->info.id_kind == NPP_ID_UUID)
		return -EINVAL;
	bytes = ns->info.id_kind == NPP_ID_EUI64 ? 8 : 16;
	memcpy(id, ns->info.id, bytes);
	return bytes;
}

static const struct block_device_operations npp_disk_ops = {
	.owner = THIS_MODULE,
	.free_disk = npp_free_disk,
	.get_unique_id = npp_get_unique_id,
};

static struct npp_disk_limits npp_limits(const struct npp_dev *dev, const struct npp_ns_info *info)
{
	/* Bounce buffers, where they are needed, are smaller than what we could send. */
	const size_t most_bytes = min_t(size_t, dev->info.max_transfer_bytes,
					dma_max_mapping_size(&dev->pdev->dev));
	const unsigned int max_sectors = most_bytes >> SECTOR_SHIFT;
	/* The length of a command counts 65536 blocks at most. */
	const unsigned int most_sectors = 65536u << (info->block_shift - SECTOR_SHIFT);

	return (struct npp_disk_limits){
		.block_bytes = 1u << info->block_shift,
		.max_sectors = min(max_sectors, most_sectors),
		.max_segments = NPP_MAX_SEGMENTS,
		.page_bytes = dev->page_bytes,
		.max_discard_sectors = dev->info.can_discard ? UINT_MAX : 0,
		.max_write_zeroes_sectors =
			dev->info.can_write_zeroes ? min(max_sectors, most_sectors) : 0,
		.write_cache = dev->info.volatile_write_cache,
	};
}

static struct npp_ns *npp_ns_create(struct npp_dev *dev, const struct npp_ns_info *info)
{
	const struct npp_disk_limits limits = npp_limits(dev, info);
	struct npp_ns *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	struct gendisk *disk;

	if (!ns)
		return NULL;
	disk = npp_disk_alloc(&dev->tag_set, ns, &limits);
	if (IS_ERR(disk)) {
		npp_err(dev, "namespace %u: no disk (%ld)\n", info->nsid, PTR_ERR(disk));
		kfree(ns);
		return NULL;
	}
	ns->dev = dev;
	ns->disk = disk;
	ns->info = *info;
	ns->head[0] = npp_rw_head(info->nsid, false);
	ns->head[1] = npp_rw_head(info->nsid, true);
	ns->sector_shift = info->block_shift - SECTOR_SHIFT;
	disk->fops = &npp_disk_ops;
	disk->private_data = ns;
	snprintf(disk->disk_name, sizeof(disk->disk_name), "%sn%u", dev->name, info->nsid);
	set_capacity(disk, info->blocks << (info->block_shift - SECTOR_SHIFT));
	set_disk_ro(disk, info->read_only);
	return ns;
}

static void npp_ns_unlink(struct npp_dev *dev, struct npp_ns *ns)
{
	mutex_lock(&dev->ns_lock);
	list_del(&ns->entry);
	dev->nr_namespaces--;
	mutex_unlock(&dev->ns_lock);
}

/*
 * The disk is on the list before it is added, since adding reads from it (the
 * partition table), and what is read from may need a reset.  One that comes up
 * during a reset waits like the others.
 */
static void npp_ns_add(struct npp_dev *dev, const struct npp_ns_info *info)
{
	struct npp_ns *ns = npp_ns_create(dev, info);
	int err;

	if (!ns)
		return;
	mutex_lock(&dev->ns_lock);
	if (dev->quiesced)
		blk_mq_quiesce_queue(ns->disk->queue);
	list_add_tail(&ns->entry, &dev->namespaces);
	dev->nr_namespaces++;
	mutex_unlock(&dev->ns_lock);

	err = device_add_disk(&dev->pdev->dev, ns->disk, NULL);
	if (err) {
		npp_err(dev, "namespace %u: the disk %s cannot be added (%d)\n", info->nsid,
			ns->disk->disk_name, err);
		npp_ns_unlink(dev, ns);
		put_disk(ns->disk);
		/* ->free_disk() is for disks that were added. */
		kfree(ns);
		return;
	}
	npp_info(dev, "%s: %llu blocks of %u bytes%s\n", ns->disk->disk_name, info->blocks,
		 1u << info->block_shift, info->read_only ? ", read only" : "");
}

/*
 * A reset takes the scan's commands with it: after one that helped, the command
 * is worth another try.
 */
static bool npp_worth_retrying(struct npp_dev *dev, int err)
{
	if (err != -ECANCELED && err != -ENODEV)
		return false;
	flush_work(&dev->reset_work);
	return npp_ctrl_state(&dev->ctrl) == NPP_LIVE;
}

/* Where the scan reads what the controller says. */
struct npp_scan_page {
	void *page;
	dma_addr_t dma;
};

static void npp_scan_one(struct npp_dev *dev, const struct npp_scan_page *p, u32 nsid)
{
	struct npp_ns_info info;
	int tries = 3, err;

	do {
		err = npp_identify_ns(&dev->ctrl, nsid, p->page, p->dma, &info);
	} while (err && --tries && npp_worth_retrying(dev, err));

	/* Else not active, or not served for a reason that has been logged. */
	if (!err)
		npp_ns_add(dev, &info);
}

static u32 npp_list(struct npp_dev *dev, const struct npp_scan_page *p, u32 after, u32 *nsids)
{
	int tries = 3, err;
	u32 count;

	do {
		err = npp_list_namespaces(&dev->ctrl, after, p->page, p->dma, nsids,
					  NPP_SCAN_BATCH, &count);
	} while (err && --tries && npp_worth_retrying(dev, err));
	return err ? 0 : count;
}

static void npp_scan_all(struct npp_dev *dev, const struct npp_scan_page *p)
{
	u32 nsids[NPP_SCAN_BATCH];
	u32 count, i, after = 0, seen = 0;

	do {
		count = npp_list(dev, p, after, nsids);
		for (i = 0; i < count && seen < NPP_MAX_NAMESPACES; i++, seen++) {
			npp_scan_one(dev, p, nsids[i]);
			after = nsids[i];
		}
	} while (count == NPP_SCAN_BATCH && seen < NPP_MAX_NAMESPACES);
	if (seen == NPP_MAX_NAMESPACES)
		npp_warn(dev, "namespaces above the first %u are not served\n", NPP_MAX_NAMESPACES);
}

/* Every active namespace; one that cannot be served does not concern the others. */
void npp_scan(struct npp_dev *dev)
{
	struct npp_scan_page p;

	if (!dev->has_tag_set)
		return;
	p.page = dma_alloc_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES, &p.dma, GFP_KERNEL);
	if (!p.page) {
		npp_err(dev, "no memory to look for namespaces\n");
		return;
	}
	npp_scan_all(dev, &p);
	dma_free_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES, p.page, p.dma);
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

/*
 * New I/O waits until npp_disks_undrain(), before it becomes a request; what is in
 * flight has this long to end, resets of the controller included.  Returns whether
 * all of it has.
 */
bool npp_disks_drain(struct npp_dev *dev, unsigned int limit_ms)
{
	const unsigned long end = jiffies + msecs_to_jiffies(limit_ms);
	struct npp_ns *ns;
	bool idle;

	mutex_lock(&dev->ns_lock);
	list_for_each_entry(ns, &dev->namespaces, entry) {
		if (!ns->draining)
			npp_freeze_start(ns->disk->queue);
		ns->draining = true;
	}
	mutex_unlock(&dev->ns_lock);
	while (!(idle = npp_disks_idle(dev)) && time_before(jiffies, end))
		nppk_sleep_ms(5);
	return idle;
}

void npp_disks_undrain(struct npp_dev *dev)
{
	struct npp_ns *ns;

	mutex_lock(&dev->ns_lock);
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

/*
 * Takes the disks away.  Of a live controller they are written back first; a
 * reset may be needed for that, so no lock is held.
 */
void npp_disks_remove(struct npp_dev *dev)
{
	struct npp_ns *ns;

	while (!list_empty(&dev->namespaces)) {
		ns = list_first_entry(&dev->namespaces, struct npp_ns, entry);
		del_gendisk(ns->disk);
		npp_ns_unlink(dev, ns);
		put_disk(ns->disk);
	}
}
