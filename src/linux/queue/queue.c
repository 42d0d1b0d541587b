// SPDX-License-Identifier: GPL-2.0
/* The memory of a queue pair: allocated once, kept over resets. */

#include <linux/log2.h>

#include "base/noio.h"
#include "base/request.h"
#include "queue/queue.h"

static void __iomem *npp_doorbell(struct npp_dev *dev, unsigned int index)
{
	return dev->bar + NPP_DOORBELLS + index * npp_ctrl_doorbell_stride(&dev->ctrl);
}

/* Coherent memory comes in blocks of 2^n pages, unless an IOMMU joins single ones. */
static unsigned int npp_coherent_bytes(unsigned int bytes)
{
	return PAGE_SIZE << get_order(bytes);
}

/*
 * What the allocators hand out for a queue: its rings, and what its tags and requests need;
 * not its tables, which the controller counts.
 */
unsigned int npp_queue_bytes(const struct npp_hwq *q)
{
	return sizeof(*q) + npp_coherent_bytes(q->depth * NPP_SQE_BYTES) +
	       npp_coherent_bytes(q->depth * NPP_CQE_BYTES) +
	       npp_coherent_bytes(q->tags * NPP_SMALL_BYTES) +
	       roundup_pow_of_two(q->tags * sizeof(*q->slots)) + q->tags * sizeof(struct npp_iod);
}

/* Its tables are the block layer's, which has freed them. */
void npp_queue_free(struct npp_dev *dev, unsigned int qid)
{
	struct npp_hwq *q = &dev->queues[qid];
	struct device *dma = &dev->pdev->dev;

	if (q->sq)
		dma_free_coherent(dma, q->depth * NPP_SQE_BYTES, q->sq, q->sq_dma);
	if (q->cq)
		dma_free_coherent(dma, q->depth * NPP_CQE_BYTES, q->cq, q->cq_dma);
	if (q->small)
		dma_free_coherent(dma, q->tags * NPP_SMALL_BYTES, q->small, q->small_dma);
	kvfree(q->slots);
	npp_unshare(q);
	q->sq = NULL;
	q->cq = NULL;
	q->small = NULL;
	q->slots = NULL;
}

/*
 * @depth entries; one less commands in flight, so that the ring is never full.
 * The last tag is the driver's own, where there is more than one.
 * Returns 0 or -ENOMEM, which the caller logs: probe does with fewer queues.
 */
int npp_queue_alloc(struct npp_dev *dev, unsigned int qid, u16 depth)
{
	struct npp_hwq *q = &dev->queues[qid];
	const gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	struct device *dma = &dev->pdev->dev;
	struct npp_queue_config config;

	q->dev = dev;
	q->qid = qid;
	q->offline = true;
	q->vector = NPP_NO_VECTOR;
	q->depth = depth;
	q->tags = depth - 1;
	spin_lock_init(&q->sq_lock);
	spin_lock_init(&q->share_lock);
	spin_lock_init(&q->poll_lock);
	spin_lock_init(&q->tables.lock);
	mutex_init(&q->irq_lock);
	mutex_init(&q->health_lock);
	npp_lock_is_for_resets(&q->irq_lock);
	npp_lock_is_for_resets(&q->health_lock);
	npp_fallback_poll_init(q);
	q->dma = dma;
	q->unmap_attrs = dev->unmap_attrs;
	q->page_mask = dev->page_bytes - 1;
	q->two_pages = 2 * dev->page_bytes;
	q->vector_test_tag = qid && q->tags > 1 ? q->tags - 1 : 0;
	q->mq_tags = qid ? q->vector_test_tag ?: q->tags : 0;

	q->sq = dma_alloc_coherent(dma, depth * NPP_SQE_BYTES, &q->sq_dma, gfp);
	q->cq = dma_alloc_coherent(dma, depth * NPP_CQE_BYTES, &q->cq_dma, gfp);
	q->small = dma_alloc_coherent(dma, q->tags * NPP_SMALL_BYTES, &q->small_dma, gfp);
	q->slots = kvcalloc(q->tags, sizeof(*q->slots), gfp);
	if (!q->sq || !q->cq || !q->small || !q->slots) {
		npp_queue_free(dev, qid);
		return -ENOMEM;
	}

	config = (struct npp_queue_config){
		.dev = dev,
		.sq = q->sq,
		.cq = q->cq,
		.slots = q->slots,
		.sq_doorbell = (__force void *)npp_doorbell(dev, 2 * qid),
		.cq_doorbell = (__force void *)npp_doorbell(dev, 2 * qid + 1),
		.qid = qid,
		.depth = depth,
		.tags = q->tags,
		.page_shift = npp_ctrl_page_shift(&dev->ctrl),
	};
	npp_queue_init(&q->core, &config);
	return 0;
}
