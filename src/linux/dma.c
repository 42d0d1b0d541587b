// SPDX-License-Identifier: GPL-2.0
/* A request's data, as the device sees it. */

#include <linux/blkdev.h>
#include <linux/scatterlist.h>

#include "dma.h"
#include "nvmepp.h"

int npp_dma_pools_create(struct npp_dev *dev)
{
	const size_t table_bytes = NPP_MAX_SEGMENTS * sizeof(struct scatterlist);

	dev->sg_pool = mempool_create_kmalloc_pool(1, table_bytes);
	dev->prp_pool = dma_pool_create("nvmepp prp", &dev->pdev->dev, dev->page_bytes,
					dev->page_bytes, 0);
	return dev->sg_pool && dev->prp_pool ? 0 : -ENOMEM;
}

void npp_dma_pools_destroy(struct npp_dev *dev)
{
	mempool_destroy(dev->sg_pool);
	dma_pool_destroy(dev->prp_pool);
	dev->sg_pool = NULL;
	dev->prp_pool = NULL;
}

static void npp_free_lists(struct npp_dev *dev, struct npp_iod *iod)
{
	unsigned int n = iod->so_far.nr_lists;

	iod->so_far.nr_lists = 0;
	while (n--)
		dma_pool_free(dev->prp_pool, iod->lists[n], iod->lists_dma[n]);
}

static u64 *npp_add_list(struct npp_dev *dev, struct npp_iod *iod)
{
	const unsigned int n = iod->so_far.nr_lists;

	if (WARN_ON_ONCE(n == NPP_MAX_PRP_LISTS))
		return NULL;
	iod->lists[n] = dma_pool_alloc(dev->prp_pool, GFP_ATOMIC, &iod->lists_dma[n]);
	if (iod->lists[n])
		iod->so_far.nr_lists++;
	return iod->lists[n];
}

/* Whatever one list page is not enough for, or none is needed. */
static noinline blk_status_t npp_push_segments(struct npp_dev *dev, struct request *req,
					       unsigned int count)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	enum npp_prp_step step;
	struct scatterlist *sg;
	struct npp_prp prp;
	u64 *list;
	int i;

	npp_prp_begin(&prp, blk_rq_bytes(req), npp_ctrl_page_shift(&dev->ctrl));
	for_each_sg(iod->sg, sg, count, i) {
		step = npp_prp_push(&prp, sg_dma_address(sg), sg_dma_len(sg));
		while (step == NPP_PRP_NEED_LIST) {
			const unsigned int n = iod->so_far.nr_lists;

			list = npp_add_list(dev, iod);
			if (!list)
				return BLK_STS_RESOURCE;
			step = npp_prp_add_list(&prp, list, iod->lists_dma[n]);
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

static blk_status_t npp_one_list(struct npp_dev *dev, struct request *req, unsigned int count,
				 u8 page_shift)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const struct npp_segments segments = {
		.next = iod->sg,
		.left = count,
		.stride = sizeof(*iod->sg),
		.addr = (void *)&sg_dma_address(iod->sg) - (void *)iod->sg,
		.length = (void *)&sg_dma_len(iod->sg) - (void *)iod->sg,
	};
	u64 *list = npp_add_list(dev, iod);

	if (!list)
		return BLK_STS_RESOURCE;
	iod->prp2 = iod->lists_dma[0];
	if (WARN_ON_ONCE(!npp_prp_one_list(&segments, blk_rq_bytes(req), page_shift, list,
					   &iod->dma)))
		return BLK_STS_IOERR;
	return BLK_STS_OK;
}

/* The mapped segments, as PRPs. */
static blk_status_t npp_build_prps(struct npp_dev *dev, struct request *req, unsigned int count)
{
	const u8 page_shift = npp_ctrl_page_shift(&dev->ctrl);

	if (likely(count > 2 && blk_rq_bytes(req) <= NPP_PRP_LIST_REACH(page_shift)))
		return npp_one_list(dev, req, count, page_shift);
	return npp_push_segments(dev, req, count);
}

void npp_unmap_table(struct npp_hwq *q, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	npp_free_lists(q->dev, iod);
	dma_unmap_sg(q->dma, iod->sg, iod->so_far.nr_segments, rq_dma_dir(req));
	mempool_free(iod->sg, q->dev->sg_pool);
	iod->sg = NULL;
}

static void npp_add_piece(struct scatterlist *sg, const struct bio_vec *bv, unsigned int skip,
			  unsigned int bytes)
{
	/* sg_set_page(), of an entry that is neither a link nor yet the last. */
	sg->page_link = (unsigned long)bv->bv_page;
	sg->offset = bv->bv_offset + skip;
	sg->length = bytes;
}

/* The pieces of memory of one bio, from @sg on.  Returns where the next bio's go. */
static struct scatterlist *npp_add_pieces(const struct bio *bio, struct scatterlist *sg,
					  const struct scatterlist *end)
{
	const struct bio_vec *bv = &bio->bi_io_vec[bio->bi_iter.bi_idx];
	unsigned int skip = bio->bi_iter.bi_bvec_done;
	unsigned int left = bio->bi_iter.bi_size;

	for (; left && likely(sg < end); sg++, bv++) {
		const unsigned int bytes = min(bv->bv_len - skip, left);

		npp_add_piece(sg, bv, skip, bytes);
		left -= bytes;
		skip = 0;
	}
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
static unsigned int npp_fill_table(struct request *req, struct scatterlist *sg)
{
	const unsigned int most = blk_rq_nr_phys_segments(req);
	struct scatterlist *next, *from;
	const struct bio *bio = req->bio;

	sg_init_table(sg, most);
	next = npp_add_pieces(bio, sg, sg + most);
	while ((bio = bio->bi_next)) {
		from = next;
		next = npp_join(from, npp_add_pieces(bio, from, sg + most));
	}
	sg_mark_end(next - 1);
	return next - sg;
}

static noinline blk_status_t npp_map_table(struct npp_hwq *q, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_dev *dev = q->dev;
	unsigned int mapped;
	blk_status_t status;

	iod->sg = mempool_alloc(dev->sg_pool, GFP_ATOMIC);
	if (!iod->sg)
		return BLK_STS_RESOURCE;
	iod->so_far.nr_segments = npp_fill_table(req, iod->sg);
	mapped = dma_map_sg_attrs(q->dma, iod->sg, iod->so_far.nr_segments, rq_dma_dir(req),
				  DMA_ATTR_NO_WARN);
	if (!mapped) {
		mempool_free(iod->sg, dev->sg_pool);
		iod->sg = NULL;
		return BLK_STS_RESOURCE;
	}
	iod->so_far.form = NPP_FORM_PRP;
	status = npp_build_prps(dev, req, mapped);
	if (status)
		npp_unmap_table(q, req);
	return status;
}

/*
 * What is more than two pages: a single piece by one SGL descriptor where the
 * controller can, everything else by PRPs.
 */
blk_status_t npp_map_large(struct npp_hwq *q, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct bio_vec bv;

	if (!q->dev->info.can_sgl || !npp_one_piece(req, &bv))
		return npp_map_table(q, req);
	iod->so_far.form = NPP_FORM_SGL;
	return npp_map_piece(q, req, &bv);
}
