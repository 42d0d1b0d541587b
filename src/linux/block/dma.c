// SPDX-License-Identifier: GPL-2.0
/* A request's data, as the device sees it. */

#include <linux/blkdev.h>
#include <linux/scatterlist.h>

#include "base/request.h"
#include "block/block.h"
#include "block/dma.h"
#include "block/prp_table.h"

/*
 * Memory that the device cannot address is bounced.  There may be none yet: more can be
 * added while the device is in use (memory hotplug, a balloon), at any address.
 */
static bool npp_addresses_all_memory(struct device *dma)
{
	return dma_get_mask(dma) == DMA_BIT_MASK(64) && !dma->bus_dma_limit;
}

/*
 * Does data never have to be handed over between the device and the CPUs, neither
 * by caches nor by copying it from bounce buffers?  Of one mapping the kernel says
 * whether it has: for caches, and for devices that bounce whatever the memory is, that
 * holds for all.  A device that may get bounce buffers has a limit of their size set.
 */
static bool npp_never_synced(struct device *dma, struct page *page)
{
	const dma_addr_t at = dma_map_page(dma, page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	bool never;

	if (dma_mapping_error(dma, at))
		return false;
	never = !dma_need_sync(dma, at) && dma_max_mapping_size(dma) == SIZE_MAX;
	dma_unmap_page(dma, at, PAGE_SIZE, DMA_FROM_DEVICE);
	return never;
}

/*
 * Unmapping, too, checks whether each page was bounced, unless an attribute skips that.
 * Of a device that it does not trust the kernel bounces, behind an IOMMU, what does
 * not fill whole pages: one page says nothing of that, and not all kernels bound such
 * a device's mappings.
 */
static int npp_choose_unmap(struct npp_dev *dev)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	if (!dev->pdev->untrusted && npp_addresses_all_memory(&dev->pdev->dev) &&
	    npp_never_synced(&dev->pdev->dev, page))
		dev->unmap_attrs = DMA_ATTR_SKIP_CPU_SYNC;
	__free_page(page);
	return 0;
}

/* Undo it by npp_dma_exit(), also when it failed.  Context: probe. */
int npp_dma_init(struct npp_dev *dev)
{
	int err = npp_tables_init(dev);

	dev->segment_layout = (struct npp_segment_layout){
		.stride = sizeof(struct scatterlist),
		.addr = offsetof(struct scatterlist, dma_address),
		.length = (u8)(uintptr_t)&sg_dma_len((struct scatterlist *)NULL),
		.page_shift = npp_ctrl_page_shift(&dev->ctrl),
	};
	return err ?: npp_choose_unmap(dev);
}

void npp_dma_exit(struct npp_dev *dev)
{
	npp_tables_exit(dev);
}

/* Whatever one list page is not enough for, or none is needed. */
static noinline blk_status_t npp_push_segments(struct request *req, unsigned int count,
					       u8 page_shift)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_table *table = iod->table;
	enum npp_prp_step step;
	struct scatterlist *sg;
	struct npp_prp prp;
	unsigned int n = 0;
	int i;

	npp_prp_begin(&prp, blk_rq_bytes(req), page_shift);
	for_each_sg(table->sg, sg, count, i) {
		step = npp_prp_push(&prp, sg_dma_address(sg), sg_dma_len(sg));
		for (; step == NPP_PRP_NEED_LIST; n++) {
			if (WARN_ON_ONCE(n == table->nr_lists))
				return BLK_STS_IOERR;
			step = npp_prp_add_list(&prp, table->lists[n], table->lists_dma[n]);
		}
		if (WARN_ON_ONCE(step == NPP_PRP_BAD))
			return BLK_STS_IOERR;
	}
	if (WARN_ON_ONCE(!npp_prp_finish(&prp)))
		return BLK_STS_IOERR;
	iod->dma = prp.prp1;
	iod->prp2 = prp.prp2;
	return BLK_STS_OK;
}

/* All in one list: the tag's own where it is long enough, or the table's first. */
static __always_inline blk_status_t npp_one_list(struct npp_hwq *q, struct request *req,
						 unsigned int count)
{
	const struct npp_segment_layout *layout = &q->dev->segment_layout;
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_table *table = iod->table;
	const unsigned int bytes = blk_rq_bytes(req);
	u64 *list;

	if (bytes <= q->two_pages * (NPP_SMALL_PRPS / 2)) {
		const size_t at = req->tag * NPP_SMALL_BYTES;

		list = q->small + at;
		iod->prp2 = q->small_dma + at;
	} else {
		list = table->lists[0];
		iod->prp2 = table->lists_dma[0];
	}
	iod->dma = sg_dma_address(table->sg);
	if (WARN_ON_ONCE(!npp_prp_one_list(table->sg, count, layout, bytes, list)))
		return BLK_STS_IOERR;
	return BLK_STS_OK;
}

/* The mapped segments, as PRPs. */
static __always_inline blk_status_t npp_build_prps(struct npp_hwq *q, struct request *req,
						   unsigned int count)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	/* Any other table is for what one list is enough for. */
	if (likely(count > 2 && iod->table->size != NPP_TABLE_LONG))
		return npp_one_list(q, req, count);
	return npp_push_segments(req, count, q->dev->segment_layout.page_shift);
}

/* @need: whether what was mapped has to be unmapped. */
void npp_unmap_table(struct npp_hwq *q, struct request *req, bool need)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_table *table = iod->table;

	iod->table = NULL;
	if (need && req_op(req) != REQ_OP_DISCARD)
		dma_unmap_sg_attrs(q->dma, table->sg, iod->attempt.nr_segments, rq_dma_dir(req),
				   q->unmap_attrs);
	npp_table_put(q, table);
}

/* What a kernel has in an entry behind the bus address and its length: flags, or nothing. */
#define NPP_SG_FLAGS	((size_t)(&sg_dma_len((struct scatterlist *)NULL) + 1))

/*
 * sg_set_page(), of an entry that is neither a link nor yet the last.  Length and
 * offset are neighbours in both, in opposite order.  Mapping sets flags of its own in some
 * entries, and expects none of the time before.
 */
static __always_inline void npp_add_piece(struct scatterlist *sg, const struct bio_vec *bv)
{
	static_assert(offsetof(struct bio_vec, bv_offset) == offsetof(struct bio_vec, bv_len) + 4);
	static_assert(offsetof(struct scatterlist, length) ==
		      offsetof(struct scatterlist, offset) + 4);

	sg->page_link = (unsigned long)bv->bv_page;
	*(u64 *)&sg->offset = ror64(*(const u64 *)&bv->bv_len, 32);
	memset((void *)sg + NPP_SG_FLAGS, 0, sizeof(*sg) - NPP_SG_FLAGS);
}

/*
 * The pieces of memory of one bio, from @sg on.  Returns where the next bio's go.
 * All are whole but the first and the last.
 */
static __always_inline struct scatterlist *npp_add_pieces(const struct bio *bio,
							  struct scatterlist *sg,
							  const struct scatterlist *end)
{
	const struct bio_vec *bv = &bio->bi_io_vec[bio->bi_iter.bi_idx];
	const unsigned int skip = npp_iter_skip(&bio->bi_iter);
	struct scatterlist *const first = sg;
	/* as if the whole of the first piece were wanted */
	unsigned int left = bio->bi_iter.bi_size + skip;

	if (unlikely(sg == end))
		return sg;
	npp_add_piece(sg++, bv);
#pragma GCC unroll 4
	while (left > bv->bv_len) {
		left -= bv->bv_len;
		if (unlikely(sg == end))
			return sg;
		npp_add_piece(sg++, ++bv);
	}
	sg[-1].length = left;
	first->offset += skip;
	first->length -= skip;
	return sg;
}

/*
 * Where a bio begins with memory that follows the bio before, both are one piece:
 * they may meet inside a page, as PRPs may not.  @from is the first entry of the
 * later bio.  Returns the entry behind the last.
 */
static struct scatterlist *npp_join(struct scatterlist *from, struct scatterlist *next)
{
	struct scatterlist *before = from - 1;

	if (from == next || sg_phys(before) + before->length != sg_phys(from))
		return next;
	before->length += from->length;
	memmove(from, from + 1, (next - from - 1) * sizeof(*from));
	return next - 1;
}

/* Returns the number of entries, which blk-mq has counted, too: no more than that. */
static __always_inline unsigned int npp_fill_table(struct request *req, struct scatterlist *sg,
						   unsigned int most)
{
	struct scatterlist *next, *from;
	const struct bio *bio = req->bio;

	next = npp_add_pieces(bio, sg, sg + most);
	while ((bio = bio->bi_next)) {
		from = next;
		next = npp_join(from, npp_add_pieces(bio, from, sg + most));
	}
	sg_mark_end(next - 1);
	return next - sg;
}

/* Several pieces of memory, or one that has no simpler description: by PRPs. */
blk_status_t npp_map_table(struct npp_hwq *q, struct request *req)
{
	const unsigned int most = req->nr_phys_segments; /* of its bios: no discard */
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_table *table;
	unsigned int mapped;
	blk_status_t status;

	if (likely(most <= NPP_SMALL_SEGMENTS &&
		   blk_rq_bytes(req) <= q->two_pages * (NPP_SMALL_SEGMENTS / 2)))
		table = npp_table_get(q, NPP_TABLE_SMALL);
	else
		table = npp_table_get_large(q, blk_rq_bytes(req));
	if (unlikely(!table))
		return BLK_STS_RESOURCE;
	iod->attempt.nr_segments = npp_fill_table(req, table->sg, most);
	mapped = dma_map_sg_attrs(q->dma, table->sg, iod->attempt.nr_segments, rq_dma_dir(req),
				  DMA_ATTR_NO_WARN);
	if (unlikely(!mapped)) {
		npp_table_put(q, table);
		return BLK_STS_RESOURCE;
	}
	iod->table = table;
	iod->attempt.data_ptr_type = NPP_DATA_PTR_PRP;
	status = npp_build_prps(q, req, mapped);
	if (unlikely(status))
		npp_unmap_table(q, req, npp_dma_need_unmap(q->dma));
	return status;
}
