// SPDX-License-Identifier: GPL-2.0
/* Allocating a disk with its limits: one structure since 6.9, setters before. */

#include <linux/blkdev.h>

#include "compat.h"

#include "compat/compat.h"

/*
 * Buffers need dword alignment only: PRP entries have two reserved bits (NVMe
 * base 2.0, 4.3.1).
 */
#define NPP_DMA_ALIGNMENT 3

#ifdef HAVE_BLK_MQ_ALLOC_DISK_LIM

#define NPP_CACHE_FEATURES (BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA)

struct gendisk *npp_disk_alloc(struct blk_mq_tag_set *set, void *queue_data,
			       const struct npp_disk_limits *l)
{
	struct queue_limits limits = {
		.logical_block_size = l->block_bytes,
		.physical_block_size = l->block_bytes,
		.io_min = l->min_bytes,
		.io_opt = l->best_bytes,
		.max_hw_sectors = l->max_sectors,
		.max_segments = l->max_segments,
		.max_segment_size = UINT_MAX,
		.virt_boundary_mask = l->page_bytes - 1,
		.dma_alignment = NPP_DMA_ALIGNMENT,
		.max_hw_discard_sectors = l->max_discard_sectors,
		.discard_granularity = l->max_discard_sectors ? l->block_bytes : 0,
		.max_discard_segments = l->max_discard_ranges,
		.max_write_zeroes_sectors = l->max_write_zeroes_sectors,
		.features = l->write_cache ? NPP_CACHE_FEATURES : 0,
	};

	return blk_mq_alloc_disk(set, &limits, queue_data);
}

int npp_disk_change_limits(struct gendisk *disk, const struct npp_disk_limits *l)
{
	struct queue_limits limits = queue_limits_start_update(disk->queue);

	limits.logical_block_size = l->block_bytes;
	limits.physical_block_size = l->block_bytes;
	limits.io_min = l->min_bytes;
	limits.io_opt = l->best_bytes;
	limits.max_hw_sectors = l->max_sectors;
	limits.max_hw_discard_sectors = l->max_discard_sectors;
	limits.max_discard_segments = l->max_discard_ranges;
	limits.discard_granularity = l->max_discard_sectors ? l->block_bytes : 0;
	limits.max_write_zeroes_sectors = l->max_write_zeroes_sectors;
	limits.features &= ~NPP_CACHE_FEATURES;
	limits.features |= l->write_cache ? NPP_CACHE_FEATURES : 0;
	return queue_limits_commit_update(disk->queue, &limits);
}

#else

struct gendisk *npp_disk_alloc(struct blk_mq_tag_set *set, void *queue_data,
			       const struct npp_disk_limits *l)
{
	struct gendisk *disk = blk_mq_alloc_disk(set, queue_data);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_flag_set(QUEUE_FLAG_NOWAIT, q);
	blk_queue_logical_block_size(q, l->block_bytes);
	blk_queue_physical_block_size(q, l->block_bytes);
	blk_queue_io_min(q, l->min_bytes);
	blk_queue_io_opt(q, l->best_bytes);
	blk_queue_max_hw_sectors(q, l->max_sectors);
	blk_queue_max_segments(q, l->max_segments);
	blk_queue_virt_boundary(q, l->page_bytes - 1);
	blk_queue_dma_alignment(q, NPP_DMA_ALIGNMENT);
	blk_queue_max_discard_sectors(q, l->max_discard_sectors);
	blk_queue_max_discard_segments(q, l->max_discard_ranges);
	q->limits.discard_granularity = l->max_discard_sectors ? l->block_bytes : 0;
	blk_queue_max_write_zeroes_sectors(q, l->max_write_zeroes_sectors);
	blk_queue_write_cache(q, l->write_cache, l->write_cache);
	return disk;
}

int npp_disk_change_limits(struct gendisk *disk, const struct npp_disk_limits *l)
{
	struct request_queue *q = disk->queue;

	blk_queue_logical_block_size(q, l->block_bytes);
	blk_queue_physical_block_size(q, l->block_bytes);
	blk_queue_io_min(q, l->min_bytes);
	blk_queue_io_opt(q, l->best_bytes);
	blk_queue_max_hw_sectors(q, l->max_sectors);
	blk_queue_max_discard_sectors(q, l->max_discard_sectors);
	blk_queue_max_discard_segments(q, l->max_discard_ranges);
	q->limits.discard_granularity = l->max_discard_sectors ? l->block_bytes : 0;
	blk_queue_max_write_zeroes_sectors(q, l->max_write_zeroes_sectors);
	blk_queue_write_cache(q, l->write_cache, l->write_cache);
	return 0;
}

#endif
