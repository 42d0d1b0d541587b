/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request's data, as the device sees it: what most I/O needs, inlined into the
 * submission and the completion.  The rest is in dma.c.
 */
#ifndef NVMEPP_DMA_H
#define NVMEPP_DMA_H

#include <linux/blkdev.h>

#include "base/dev.h"
#include "compat/compat.h"

/* dma.c; any context */
blk_status_t npp_map_table(struct npp_hwq *q, struct request *req);
void npp_unmap_table(struct npp_hwq *q, struct request *req, bool need);

/* Is all the data one piece of memory?  @bv receives it. */
static __always_inline bool npp_one_piece(struct request *req, struct bio_vec *bv)
{
	const struct bio *bio = req->bio;
	const struct bvec_iter *iter = &bio->bi_iter;
	const struct bio_vec *first = &bio->bi_io_vec[iter->bi_idx];
	const unsigned int bytes = blk_rq_bytes(req);
	const unsigned int offset = first->bv_offset + npp_iter_skip(iter);

	*bv = (struct bio_vec){ .bv_page = first->bv_page, .bv_offset = offset, .bv_len = bytes };
	return likely(iter->bi_size == bytes) &&
	       likely(first->bv_len - npp_iter_skip(iter) >= bytes);
}

static __always_inline blk_status_t npp_map_piece(struct npp_hwq *q, struct request *req,
						  struct bio_vec *bv)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	iod->dma = dma_map_bvec(q->dma, bv, rq_dma_dir(req), 0);
	if (unlikely(dma_mapping_error(q->dma, iod->dma)))
		return BLK_STS_RESOURCE;
	iod->dma_bytes = bv->bv_len;
	return BLK_STS_OK;
}

/*
 * Map the data of a read or write.  On success npp_unmap_data() undoes it, once.
 * One piece that touches at most two pages, which is most I/O, needs neither
 * scatterlist nor a list of PRPs; nor does a longer one, where the controller has
 * SGLs.
 * Context: any; must not sleep.
 */
static __always_inline blk_status_t npp_map_data(struct npp_hwq *q, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct bio_vec bv;

	if (unlikely(!npp_one_piece(req, &bv)))
		return npp_map_table(q, req);
	if (unlikely((bv.bv_offset & q->page_mask) + bv.bv_len > q->two_pages)) {
		if (!q->dev->info.can_sgl)
			return npp_map_table(q, req);
		iod->attempt.data_ptr_type = NPP_DATA_PTR_SGL;
	}
	return npp_map_piece(q, req, &bv);
}

/* @need: npp_dma_need_unmap(), asked since the data was mapped. */
static __always_inline void npp_unmap_data_if(struct npp_hwq *q, struct request *req, bool need)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	if (likely(iod->dma_bytes)) {
		if (need)
			dma_unmap_page_attrs(q->dma, iod->dma, iod->dma_bytes, rq_dma_dir(req),
					     q->unmap_attrs);
		iod->dma_bytes = 0;
	} else if (iod->table) {
		npp_unmap_table(q, req, need);
	}
}

/* Undo npp_map_data(); nothing mapped, nothing done.  Context: any. */
static __always_inline void npp_unmap_data(struct npp_hwq *q, struct request *req)
{
	npp_unmap_data_if(q, req, npp_dma_need_unmap(q->dma));
}

/*
 * End what the queue's reaper has gathered: requests without error, all of this
 * queue.  Context: as npp_queue_reap().
 */
static __always_inline void npp_end_batch(struct npp_hwq *q)
{
	struct io_comp_batch *batch = &q->reap.batch;
	struct request *req = npp_batch_first(batch);
	bool need;

	if (unlikely(!req))
		return;
	need = npp_dma_need_unmap(q->dma);
	for (; req; req = req->rq_next)
		npp_unmap_data_if(q, req, need);
	blk_mq_end_request_batch(batch);
	batch->need_ts = false;
}

#endif
