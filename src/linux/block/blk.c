// SPDX-License-Identifier: GPL-2.0
/* From a request to a command in the ring. */

#include <linux/blkdev.h>

#include "base/request.h"
#include "block/block.h"
#include "block/dma.h"
#include "compat/compat.h"
#include "queue/queue.h"
#include "recovery/recovery.h"
#include "user/node.h"

static bool npp_is_rw(struct request *req)
{
	return req_op(req) == REQ_OP_READ || req_op(req) == REQ_OP_WRITE;
}

static u64 npp_first_block(const struct npp_ns *ns, struct request *req)
{
	return blk_rq_pos(req) >> ns->sector_shift;
}

static u32 npp_blocks(const struct npp_ns *ns, struct request *req)
{
	return blk_rq_sectors(req) >> ns->sector_shift;
}

/*
 * All that can fail about a request, so that what follows cannot.
 * Context: process or softirq; must not sleep.
 */
static __always_inline blk_status_t npp_prepare(struct npp_hwq *q, const struct npp_ns *ns,
						struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	blk_status_t status;

	iod->attempt = (struct npp_attempt){ };
	if (likely((__force u8)req_op(req) < ns->unchecked_ops)) {
		status = npp_map_data(q, req);
		if (unlikely(status))
			return status;
	} else {
		status = npp_prepare_other(q, ns, req);
		if (unlikely(status))
			return status;
	}
	blk_mq_start_request(req);
	return BLK_STS_OK;
}

static __always_inline void npp_submit_data(struct npp_queue *core, u16 tag,
					    const struct npp_ns *ns, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const u64 head = ns->head[op_is_write(req_op(req))];
	const u64 slba = npp_first_block(ns, req);
	u32 length = npp_blocks(ns, req) - 1;

	if (unlikely(req->cmd_flags & REQ_FUA)) {
		length |= NPP_RW_FUA;
		barrier();	/* a branch: to compute both costs all I/O two instructions more */
	}
	if (likely(iod->attempt.data_ptr_type == NPP_DATA_PTR_PAGES))
		npp_submit_rw(core, tag, head, slba, length, iod->dma, iod->dma_bytes);
	else if (iod->attempt.data_ptr_type == NPP_DATA_PTR_SGL)
		npp_submit_rw_sgl(core, tag, head, slba, length, iod->dma, iod->dma_bytes);
	else
		npp_submit_rw_prp(core, tag, head, slba, length, iod->dma, iod->prp2);
}

static void npp_submit_ranges(struct npp_queue *core, u16 tag, const struct npp_ns *ns,
			      struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const struct npp_hwq *q = req->mq_hctx->driver_data;
	const size_t at = req->tag * NPP_SMALL_BYTES;

	if (unlikely(iod->table)) {
		npp_submit_discard_ranges(core, tag, ns->info.nsid, iod->attempt.nr_segments,
					  iod->prp2);
		return;
	}
	npp_submit_discard(core, tag, ns->info.nsid, npp_first_block(ns, req),
			   npp_blocks(ns, req), q->small + at, q->small_dma + at);
}

static void npp_submit_zeroes(struct npp_queue *core, u16 tag, const struct npp_ns *ns,
			      struct request *req)
{
	const bool deallocate = ns->info.zeroes_on_deallocate && !(req->cmd_flags & REQ_NOUNMAP);

	npp_submit_write_zeroes(core, tag, ns->info.nsid, npp_first_block(ns, req),
				npp_blocks(ns, req) - 1, deallocate);
}

/* All but reads and writes. */
static noinline void npp_submit_other(struct npp_queue *core, u16 tag, const struct npp_ns *ns,
				      struct request *req)
{
	switch (req_op(req)) {
	case REQ_OP_FLUSH:
		npp_submit_flush(core, tag, ns->info.nsid);
		break;
	case REQ_OP_DISCARD:
		npp_submit_ranges(core, tag, ns, req);
		break;
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		npp_submit_user(core, tag, req);
		break;
	default:
		npp_submit_zeroes(core, tag, ns, req);
	}
}

/*
 * Into the ring of @core, as the command with @tag: those of the request's own context,
 * unless it shares a queue.  Context: as npp_prepare(), with that queue's sq_lock held.
 */
static __always_inline void npp_submit(struct npp_queue *core, u16 tag, const struct npp_ns *ns,
				       struct request *req)
{
	if (likely(npp_is_rw(req)))
		npp_submit_data(core, tag, ns, req);
	else
		npp_submit_other(core, tag, ns, req);
}

/*
 * Only now does the queue count as busy: told earlier, the watchdog or the poller
 * could find it idle and stop again.
 */
static void npp_submitted(struct npp_hwq *q)
{
	if (unlikely(READ_ONCE(q->arm_watchdog)))
		npp_watchdog_arm(q);
}

/* npp_queue_rq()'s answer for a request that npp_prepare() has refused. */
static blk_status_t npp_refuse(struct request *req, blk_status_t status)
{
	return status == NPP_STS_TOO_LONG ? npp_end_too_long(req->q->queuedata, req) : status;
}

/*
 * A context without a queue of its own: its requests go to another context's, under an
 * id of that queue, one doorbell each.  No queue at all: a reset is over, but I/O fails.
 */
static noinline blk_status_t npp_queue_rq_shared(struct npp_hwq *q, struct request *req)
{
	struct npp_hwq *target = READ_ONCE(q->target);
	const struct npp_ns *ns = req->q->queuedata;
	blk_status_t status;
	int tag;

	if (!target)
		return BLK_STS_IOERR;
	tag = npp_shared_tag_get(target, req);
	if (tag < 0)
		return BLK_STS_RESOURCE;	/* blk-mq comes again in a few milliseconds */
	status = npp_prepare(q, ns, req);
	if (status) {
		npp_shared_tag_put(target, tag);
		return npp_refuse(req, status);
	}
	npp_shared_unpoll(target, req);
	spin_lock(&target->sq_lock);
	npp_submit(&target->core, tag, ns, req);
	npp_queue_ring(&target->core);
	npp_submitted(target);
	spin_unlock(&target->sq_lock);
	return BLK_STS_OK;
}

static blk_status_t npp_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct request *req = bd->rq;
	const struct npp_ns *ns = req->q->queuedata;
	struct npp_hwq *q = hctx->driver_data;
	blk_status_t status;

	/* Quiescing keeps requests away from a reset. */
	if (unlikely(!READ_ONCE(q->enabled)))
		return npp_queue_rq_shared(q, req);
	status = npp_prepare(q, ns, req);
	if (unlikely(status))
		return npp_refuse(req, status);
	spin_lock(&q->sq_lock);
	npp_submit(&q->core, req->tag, ns, req);
	if (bd->last)
		npp_queue_ring(&q->core);
	npp_submitted(q);
	spin_unlock(&q->sq_lock);
	return BLK_STS_OK;
}

/* The last request of a batch was not queued here: ring for those that were. */
static void npp_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct npp_hwq *q = hctx->driver_data;

	spin_lock(&q->sq_lock);
	npp_queue_ring(&q->core);
	spin_unlock(&q->sq_lock);
}

/*
 * The requests at the head of @list that go to @q: mapped without its lock, then one lock and
 * one doorbell.  One that cannot be prepared ends the run, and goes to @rest.
 */
static void npp_queue_run(struct npp_hwq *q, npp_rq_list *list, npp_rq_list *rest)
{
	/* Quiescing keeps requests away from a reset: it does not change meanwhile. */
	const bool enabled = READ_ONCE(q->enabled);
	struct request *req = npp_rq_list_peek(list);
	struct request *refused = NULL;
	struct request *end = req;
	struct request *next;

	do {
		if (unlikely(!enabled) ||
		    unlikely(npp_prepare(q, end->q->queuedata, end) != BLK_STS_OK)) {
			refused = end;
			break;
		}
		end = end->rq_next;
	} while (end && end->mq_hctx->driver_data == q);
	npp_rq_list_begin_at(list, end);

	if (likely(req != end)) {
		spin_lock(&q->sq_lock);
		for (; req != end; req = next) {
			/* While the device cannot complete it: rq_next is its completer's then. */
			next = req->rq_next;
			/* Kernels before 6.5 leave this to the driver for batches. */
			q->requests[req->tag] = req;
			npp_submit(&q->core, req->tag, req->q->queuedata, req);
		}
		npp_queue_ring(&q->core);
		npp_submitted(q);
		spin_unlock(&q->sq_lock);
	}
	if (unlikely(refused)) {
		npp_rq_list_pop(list);
		npp_rq_list_add(rest, refused);
	}
}

/*
 * A batch from one plug.  What cannot be prepared stays on the list, for blk-mq
 * to send by npp_queue_rq() and to learn the reason.
 */
static void npp_queue_rqs(npp_rq_list *list)
{
	npp_rq_list rest = NPP_RQ_LIST_EMPTY;
	struct request *req;

	while ((req = npp_rq_list_peek(list)))
		npp_queue_run(req->mq_hctx->driver_data, list, &rest);
	*list = rest;
}

static int npp_init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int index)
{
	struct npp_dev *dev = data;

	hctx->driver_data = &dev->queues[index + 1];
	dev->queues[index + 1].requests = dev->tag_set.tags[index]->rqs;
	return 0;
}

/* Poll queues come last; reads have no queues of their own. */
static void npp_map_poll_queues(struct npp_dev *dev, struct blk_mq_queue_map *maps)
{
	struct blk_mq_queue_map *poll = &maps[HCTX_TYPE_POLL];

	maps[HCTX_TYPE_DEFAULT].nr_queues = dev->irq_queues;
	maps[HCTX_TYPE_READ].nr_queues = 0;
	poll->nr_queues = dev->poll_queues;
	poll->queue_offset = dev->irq_queues;
	blk_mq_map_queues(poll);
}

static void npp_map_queues(struct blk_mq_tag_set *set)
{
	struct npp_dev *dev = set->driver_data;
	struct blk_mq_queue_map *map = &set->map[HCTX_TYPE_DEFAULT];

	if (set->nr_maps > HCTX_TYPE_POLL)
		npp_map_poll_queues(dev, set->map);
	/* Vectors may have come without affinity: there was no memory for it. */
	if (dev->vectors > 1 && pci_irq_get_affinity(dev->pdev, 1))
		npp_map_to_vectors(map, dev->pdev, 1);
	else
		blk_mq_map_queues(map);
}

const struct blk_mq_ops npp_mq_ops = {
	.queue_rq = npp_queue_rq,
	.queue_rqs = npp_queue_rqs,
	.commit_rqs = npp_commit_rqs,
	.complete = npp_complete_rq,
	.poll = npp_poll_hctx,
	.timeout = npp_timeout,
	.init_hctx = npp_init_hctx,
	.map_queues = npp_map_queues,
};
