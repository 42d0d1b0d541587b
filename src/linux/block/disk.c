// SPDX-License-Identifier: GPL-2.0
/* The disks of a controller: one for each namespace that can be served. */

#include <linux/blkdev.h>
#include <linux/hdreg.h>
#include <linux/slab.h>

#include <nvmepp/discard.h>

#include "base/gate.h"
#include "base/log.h"
#include "block/block.h"
#include "compat/compat.h"
#include "sysfs/groups.h"
#include "user/node.h"

static void npp_ns_free(struct npp_ns *ns)
{
	ida_free(&ns->gate->disk_numbers, ns->number);
	npp_gate_put(ns->gate);
	kfree(ns);
}

/* The last user of the disk is gone.  Context: process. */
static void npp_free_disk(struct gendisk *disk)
{
	npp_ns_free(disk->private_data);
}

static int npp_get_unique_id(struct gendisk *disk, u8 id[16], enum blk_unique_id type)
{
	const struct npp_ns *ns = disk->private_data;
	struct npp_ns_ids ids = ns->info.ids;

	/* SPC calls both an EUI-64 based identifier; a UUID is none. */
	if (type != BLK_UID_EUI64)
		return -EINVAL;
	memset(ids.uuid, 0, sizeof(ids.uuid));
	switch (npp_ns_best_id(&ids)) {
	case NPP_ID_NGUID:
		memcpy(id, ids.nguid, sizeof(ids.nguid));
		return sizeof(ids.nguid);
	case NPP_ID_EUI64:
		memcpy(id, ids.eui64, sizeof(ids.eui64));
		return sizeof(ids.eui64);
	default:
		return -EINVAL;
	}
}

/* The disk may be open longer than the controller is there. */
static int npp_disk_ioctl(struct block_device *bdev, npp_blk_mode_t mode, unsigned int cmd,
			  unsigned long arg)
{
	struct npp_ns *ns = bdev->bd_disk->private_data;

	return npp_ns_ioctl(ns, cmd, arg, mode & NPP_BLK_OPEN_WRITE, bdev_is_partition(bdev));
}

/* Obsolete, but partitioning tools ask for them: the values are SCSI's. */
static int npp_getgeo(npp_geo_disk *disk, struct hd_geometry *geometry)
{
	geometry->heads = 64;
	geometry->sectors = 32;
	geometry->cylinders = npp_geo_capacity(disk) / (64 * 32);
	return 0;
}

static const struct block_device_operations npp_disk_ops = {
	.owner = THIS_MODULE,
	.ioctl = npp_disk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.free_disk = npp_free_disk,
	.getgeo = npp_getgeo,
	.get_unique_id = npp_get_unique_id,
	.pr_ops = &npp_pr_ops,
};

static struct npp_disk_limits npp_limits(const struct npp_dev *dev, const struct npp_ns_info *info)
{
	/* Bounce buffers, where they are needed, are smaller than what we could send. */
	const size_t most_bytes = min_t(size_t, dev->info.max_transfer_bytes,
					dma_max_mapping_size(&dev->pdev->dev));
	const unsigned int max_sectors = most_bytes >> SECTOR_SHIFT;
	/* The length of a command counts 65536 blocks at most. */
	const unsigned int most_sectors = 65536u << (info->block_shift - SECTOR_SHIFT);
	const unsigned int zeroes_sectors = dev->info.max_zeroes_bytes >> SECTOR_SHIFT;
	struct npp_discard_limits discard;

	npp_announce_discards(&dev->info, info->block_shift, &discard);
	return (struct npp_disk_limits){
		.block_bytes = 1u << info->block_shift,
		.min_bytes = (info->write_granularity ?: 1) << info->block_shift,
		.best_bytes = info->optimal_write << info->block_shift,
		.max_sectors = min(max_sectors, most_sectors),
		.max_segments = NPP_MAX_SEGMENTS,
		.page_bytes = dev->page_bytes,
		.max_discard_sectors = discard.sectors,
		.max_discard_ranges = discard.ranges,
		.max_write_zeroes_sectors =
			dev->info.can_write_zeroes ? min(zeroes_sectors, most_sectors) : 0,
		.write_cache = dev->info.volatile_write_cache,
	};
}

/* What is sent to the namespace follows from it: nothing may be in flight. */
static void npp_ns_take_info(struct npp_ns *ns, const struct npp_ns_info *info)
{
	ns->info = *info;
	ns->head[0] = npp_rw_head(info->nsid, false);
	ns->head[1] = npp_rw_head(info->nsid, true);
	ns->sector_shift = info->block_shift - SECTOR_SHIFT;
}

/*
 * The disk's number is that of its namespace, or the next one that is free: a disk that is
 * still open keeps its own, also when its namespace is gone or has got another disk.
 */
static int npp_disk_number(struct npp_dev *dev, u32 nsid)
{
	return ida_alloc_min(&dev->gate->disk_numbers, min_t(u32, nsid, INT_MAX / 2), GFP_KERNEL);
}

/* It has its gate and its number: npp_ns_free() undoes it. */
static struct npp_ns *npp_ns_alloc(struct npp_dev *dev, u32 nsid)
{
	struct npp_ns *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	const int number = ns ? npp_disk_number(dev, nsid) : -ENOMEM;

	if (number < 0) {
		npp_err(dev, "namespace %u: no disk (%d)\n", nsid, number);
		kfree(ns);
		return NULL;
	}
	npp_gate_get(dev->gate);
	ns->gate = dev->gate;
	ns->number = number;
	return ns;
}

static struct npp_ns *npp_ns_create(struct npp_dev *dev, const struct npp_ns_info *info)
{
	const struct npp_disk_limits limits = npp_limits(dev, info);
	struct npp_ns *ns = npp_ns_alloc(dev, info->nsid);
	struct gendisk *disk;

	if (!ns)
		return NULL;
	disk = npp_disk_alloc(&dev->tag_set, ns, &limits);
	if (IS_ERR(disk)) {
		npp_err(dev, "namespace %u: disk not created (%ld)\n", info->nsid, PTR_ERR(disk));
		npp_ns_free(ns);
		return NULL;
	}
	ns->dev = dev;
	ns->disk = disk;
	npp_ns_take_info(ns, info);
	ns->limits = limits;
	ns->unchecked_ops = NPP_UNCHECKED_RW;
	npp_parts_init(ns);
	ns->scan_round = dev->scan_round;
	ratelimit_state_init(&ns->use_limit, 5 * HZ, 1);
	ratelimit_set_flags(&ns->use_limit, RATELIMIT_MSG_ON_RELEASE);
	disk->fops = &npp_disk_ops;
	disk->private_data = ns;
	snprintf(disk->disk_name, sizeof(disk->disk_name), "%sn%d", dev->name, ns->number);
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
void npp_ns_add(struct npp_dev *dev, const struct npp_ns_info *info)
{
	struct npp_ns *ns = npp_ns_create(dev, info);
	int err;

	if (!ns)
		return;
	mutex_lock(&dev->ns_lock);
	if (npp_state_io_waits(npp_ctrl_state(&dev->ctrl)))
		npp_ns_quiesce(ns);
	if (dev->draining)
		npp_freeze_start(ns->disk->queue);
	list_add_tail(&ns->entry, &dev->namespaces);
	dev->nr_namespaces++;
	mutex_unlock(&dev->ns_lock);

	err = device_add_disk(&dev->node->device, ns->disk, npp_ns_attr_groups);
	if (err) {
		npp_err(dev, "namespace %u: disk %s not added (%d)\n", info->nsid,
			ns->disk->disk_name, err);
		npp_ns_unlink(dev, ns);
		put_disk(ns->disk);
		/* ->free_disk() is for disks that were added. */
		npp_ns_free(ns);
		return;
	}
	ns->node = npp_node_add_namespace(ns);
	npp_info_limited(dev, "%s: %llu blocks of %u bytes%s\n", ns->disk->disk_name,
			 info->blocks, 1u << info->block_shift,
			 info->read_only ? ", read only" : "");
}

/* Takes one disk away; of a live controller it is written back first. */
void npp_ns_remove(struct npp_dev *dev, struct npp_ns *ns)
{
	npp_node_remove(ns->node);
	del_gendisk(ns->disk);
	npp_ns_unlink(dev, ns);
	npp_parts_exit(ns);
	put_disk(ns->disk);
}

static bool npp_limits_differ(const struct npp_disk_limits *a, const struct npp_disk_limits *b)
{
	return a->block_bytes != b->block_bytes || a->min_bytes != b->min_bytes ||
	       a->best_bytes != b->best_bytes || a->max_sectors != b->max_sectors ||
	       a->max_discard_sectors != b->max_discard_sectors ||
	       a->max_discard_ranges != b->max_discard_ranges ||
	       a->max_write_zeroes_sectors != b->max_write_zeroes_sectors ||
	       a->write_cache != b->write_cache;
}

/*
 * What controller and namespace say now becomes the disk's: the one place for that, at
 * each scan.  Where it differs the queue is frozen meanwhile: no request is left that was
 * made for what was before.
 * Returns 0, or the error by which the block layer refuses the limits.
 */
int npp_ns_apply(struct npp_ns *ns, const struct npp_ns_info *info)
{
	const struct npp_disk_limits limits = npp_limits(ns->dev, info);
	unsigned int flags;
	int err;

	if (!npp_limits_differ(&limits, &ns->limits) && !ns->limits_changed)
		return 0;
	flags = npp_queue_freeze(ns->disk->queue);
	err = npp_disk_change_limits(ns->disk, &limits);
	if (!err) {
		ns->blocks_grew |= limits.block_bytes > ns->limits.block_bytes;
		ns->limits = limits;
		ns->limits_changed = false;
		ns->force_fua = false;
		npp_ns_take_info(ns, info);
		ns->unchecked_ops = ns->blocks_grew ? NPP_UNCHECKED_NONE : NPP_UNCHECKED_RW;
	}
	npp_queue_unfreeze(ns->disk->queue, flags);
	npp_parts_send(ns);
	if (err)
		npp_err(ns->dev, "%s: limits refused by the block layer (%d)\n",
			ns->disk->disk_name, err);
	return err;
}
