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
	while (iod->nr_lists) {
		iod->nr_lists--;
		dma_pool_free(dev->prp_pool, iod->lists[iod->nr_lists],
			      iod->lists_dma[iod->nr_lists]);
	}
}

static u64 *npp_add_list(struct npp_dev *dev, struct npp_iod *iod)
{
	const unsigned int n = iod->nr_lists;

	if (WARN_ON_ONCE(n == NPP_MAX_PRP_LISTS))
		return NULL;
	iod->lists[n] = dma_pool_alloc(dev->prp_pool, GFP_ATOMIC, &iod->lists_dma[n]);
	if (iod->lists[n])
		iod->nr_lists++;
	return iod->lists[n];
}

static blk_status_t npp_build_prps(struct npp_dev *dev, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	enum npp_prp_step step;
	struct scatterlist *sg;
	int i;

	npp_prp_begin(&iod->prp, blk_rq_bytes(req), npp_ctrl_page_shift(&dev->ctrl));
	for_each_sgtable_dma_sg(&iod->sgt, sg, i) {
		step = npp_prp_push(&iod->prp, sg_dma_address(sg), sg_dma_len(sg));
		while (step == NPP_PRP_NEED_LIST) {
			u64 *list = npp_add_list(dev, iod);

			if (!list)
				return BLK_STS_RESOURCE;
			step = npp_prp_add_list(&iod->prp, list, iod->lists_dma[iod->nr_lists - 1]);
		}
		if (WARN_ON_ONCE(step == NPP_PRP_BAD))
			return BLK_STS_IOERR;
	}
	return WARN_ON_ONCE(!npp_prp_finish(&iod->prp)) ? BLK_STS_IOERR : BLK_STS_OK;
}

void npp_unmap_table(struct npp_hwq *q, struct request *req)
{
	struct npp_dev *dev = q->dev;
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	npp_free_lists(dev, iod);
	dma_unmap_sgtable(q->dma, &iod->sgt, rq_dma_dir(req), 0);
	mempool_free(iod->sgt.sgl, dev->sg_pool);
	iod->sgt.sgl = NULL;
}

blk_status_t npp_map_table(struct npp_hwq *q, struct request *req)
{
	struct npp_dev *dev = q->dev;
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	blk_status_t status;
	int err;

	iod->sgt.sgl = mempool_alloc(dev->sg_pool, GFP_ATOMIC);
	if (!iod->sgt.sgl)
		return BLK_STS_RESOURCE;
	sg_init_table(iod->sgt.sgl, blk_rq_nr_phys_segments(req));
	iod->sgt.orig_nents = blk_rq_map_sg(req->q, req, iod->sgt.sgl);

	err = dma_map_sgtable(q->dma, &iod->sgt, rq_dma_dir(req), DMA_ATTR_NO_WARN);
	if (err) {
		mempool_free(iod->sgt.sgl, dev->sg_pool);
		iod->sgt.sgl = NULL;
		return err == -EREMOTEIO ? BLK_STS_TARGET : BLK_STS_RESOURCE;
	}
	status = npp_build_prps(dev, req);
	if (status)
		npp_unmap_table(q, req);
	return status;
}
