/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where kernels differ.  conftest.h says what this one has; nothing outside this
 * folder asks.
 */
#ifndef NVMEPP_COMPAT_H
#define NVMEPP_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/dma-mapping.h>
#include <linux/hrtimer.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>

#include "compat/conftest.h"

#ifndef HAVE_BLK_MQ_MAP_HW_QUEUES
#include <linux/blk-mq-pci.h>
#endif

#ifndef HAVE_PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

#ifdef HAVE_BLK_STS_RESV_CONFLICT
#define NPP_BLK_STS_RESERVATION BLK_STS_RESV_CONFLICT
#else
#define NPP_BLK_STS_RESERVATION BLK_STS_NEXUS
#endif

/* The binary logarithm of the smallest page of the IOMMU before @dev; 63: there is none. */
static inline u8 npp_iommu_page_shift(struct device *dev)
{
#ifdef CONFIG_IOMMU_API
	const struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (domain && domain->type & __IOMMU_DOMAIN_PAGING && domain->pgsize_bitmap)
		return __ffs(domain->pgsize_bitmap);
#endif
	return 63;
}

/*
 * Does any mapping of @dev have to be undone?  Asked after all that are meant have been made.
 * Where it does not, a mapping holds nothing: no bounce buffer, no address of an IOMMU.
 */
static __always_inline bool npp_dma_need_unmap(struct device *dev)
{
#ifdef HAVE_DMA_NEED_UNMAP
	return dma_need_unmap(dev);
#else
	return true;
#endif
}

/* Requests are merged; since 6.14 that needs no flag. */
#ifdef HAVE_F_SHOULD_MERGE
#define NPP_F_SHOULD_MERGE BLK_MQ_F_SHOULD_MERGE
#else
#define NPP_F_SHOULD_MERGE 0
#endif

/* Bytes of the current bio_vec that come before the iterator's position. */
static __always_inline unsigned int npp_iter_skip(const struct bvec_iter *iter)
{
#ifdef HAVE_BI_BVEC_DONE
	return iter->bi_bvec_done;
#else
	return iter->bi_offset;
#endif
}

/* What getgeo() is about. */
#ifdef HAVE_GETGEO_DISK
typedef struct gendisk npp_geo_disk;

static inline sector_t npp_geo_capacity(npp_geo_disk *disk)
{
	return get_capacity(disk);
}
#else
typedef struct block_device npp_geo_disk;

static inline sector_t npp_geo_capacity(npp_geo_disk *bdev)
{
	return get_capacity(bdev->bd_disk);
}
#endif

/* The parameters of a request's end_io() behind the request. */
#ifdef HAVE_END_IO_BATCH
#define NPP_END_IO_PARAMS(name) blk_status_t name, const struct io_comp_batch *batch
#else
#define NPP_END_IO_PARAMS(name) blk_status_t name
#endif

/* A timer whose function runs in hard interrupt context. */
static inline void npp_hrtimer_setup(struct hrtimer *timer,
				     enum hrtimer_restart (*function)(struct hrtimer *timer))
{
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = function;
#endif
}

/* The list that blk-mq hands to queue_rqs(). */
#ifdef HAVE_RQ_LIST
typedef struct rq_list npp_rq_list;
#define NPP_RQ_LIST_EMPTY { }

static inline void npp_rq_list_add(npp_rq_list *list, struct request *req)
{
	rq_list_add_tail(list, req);
}

/* All before @req, one of them or NULL, are taken off. */
static inline void npp_rq_list_begin_at(npp_rq_list *list, struct request *req)
{
	list->head = req;
	if (!req)
		list->tail = NULL;
}

static inline struct request *npp_batch_first(struct io_comp_batch *batch)
{
	return rq_list_peek(&batch->req_list);
}
#else
typedef struct request *npp_rq_list;
#define NPP_RQ_LIST_EMPTY NULL

static inline void npp_rq_list_add(npp_rq_list *list, struct request *req)
{
	rq_list_add(list, req);
}

static inline void npp_rq_list_begin_at(npp_rq_list *list, struct request *req)
{
	*list = req;
}

/* rq_list_peek() asks whether there is a list. */
static inline struct request *npp_batch_first(struct io_comp_batch *batch)
{
	return batch->req_list;
}
#endif

static inline struct request *npp_rq_list_peek(npp_rq_list *list)
{
	return rq_list_peek(list);
}

static inline struct request *npp_rq_list_pop(npp_rq_list *list)
{
	return rq_list_pop(list);
}

/* Hardware queues to the CPUs that their vectors, from @first_vector, serve. */
static inline void npp_map_to_vectors(struct blk_mq_queue_map *map, struct pci_dev *pdev,
				      unsigned int first_vector)
{
#ifdef HAVE_BLK_MQ_MAP_HW_QUEUES
	blk_mq_map_hw_queues(map, &pdev->dev, first_vector);
#else
	blk_mq_pci_map_queues(map, pdev, first_vector);
#endif
}

/* A queue that one task freezes and another unfreezes. */
static inline void npp_freeze_start(struct request_queue *q)
{
#ifdef HAVE_FREEZE_NON_OWNER
	blk_freeze_queue_start_non_owner(q);
#else
	blk_freeze_queue_start(q);
#endif
}

static inline void npp_unfreeze(struct request_queue *q)
{
#ifdef HAVE_FREEZE_NON_OWNER
	blk_mq_unfreeze_queue_non_owner(q);
#else
	blk_mq_unfreeze_queue(q);
#endif
}

/* A class's callback for the uevent of one of its devices. */
#ifdef HAVE_CONST_UEVENT
typedef const struct device npp_uevent_device;
#else
typedef struct device npp_uevent_device;
#endif

/* How a disk was opened. */
#ifdef HAVE_BLK_MODE_T
typedef blk_mode_t npp_blk_mode_t;
#define NPP_BLK_OPEN_WRITE BLK_OPEN_WRITE
#else
typedef fmode_t npp_blk_mode_t;
#define NPP_BLK_OPEN_WRITE FMODE_WRITE
#endif

/*
 * No request in flight from one to the other; what the first returns is the second's.
 * In between the task's allocations do not write back: later kernels see to that.
 */
static inline unsigned int npp_queue_freeze(struct request_queue *q)
{
#ifdef HAVE_FREEZE_MEMFLAGS
	return blk_mq_freeze_queue(q);
#else
	const unsigned int flags = memalloc_noio_save();

	blk_mq_freeze_queue(q);
	return flags;
#endif
}

static inline void npp_queue_unfreeze(struct request_queue *q, unsigned int flags)
{
#ifdef HAVE_FREEZE_MEMFLAGS
	blk_mq_unfreeze_queue(q, flags);
#else
	blk_mq_unfreeze_queue(q);
	memalloc_noio_restore(flags);
#endif
}

/* A disk's settings, by whichever interface this kernel has for them. */
struct npp_disk_limits {
	unsigned int block_bytes;
	unsigned int min_bytes;			/* less than this costs the device more, */
	unsigned int best_bytes;		/* and a multiple of this least; 0: no matter */
	unsigned int max_sectors;		/* of 512 bytes */
	unsigned int max_segments;
	unsigned int page_bytes;		/* segments begin and end on one, but at the ends */
	unsigned int max_discard_sectors;	/* 0: no discard */
	unsigned int max_discard_ranges;
	unsigned int max_write_zeroes_sectors;	/* 0: none */
	bool write_cache;
};

struct gendisk *npp_disk_alloc(struct blk_mq_tag_set *set, void *queue_data,
			       const struct npp_disk_limits *limits);

/* All of them but segments and pages, of a disk whose queue is frozen. */
int npp_disk_change_limits(struct gendisk *disk, const struct npp_disk_limits *limits);

#endif
