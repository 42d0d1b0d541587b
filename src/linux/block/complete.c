// SPDX-License-Identifier: GPL-2.0
/* From a status to the end of a request. */

#include <linux/blkdev.h>

#include "base/request.h"
#include "block/block.h"
#include "block/dma.h"
#include "compat/compat.h"

static const blk_status_t npp_blk_status[NPP_OUTCOMES] = {
	[NPP_OUTCOME_OK] = BLK_STS_OK,
	[NPP_OUTCOME_RETRY] = BLK_STS_IOERR,	/* where the submitter wants no retry */
	[NPP_OUTCOME_NOT_SUPPORTED] = BLK_STS_NOTSUPP,
	[NPP_OUTCOME_NO_SPACE] = BLK_STS_NOSPC,
	[NPP_OUTCOME_MEDIUM] = BLK_STS_MEDIUM,
	[NPP_OUTCOME_PROTECTION] = BLK_STS_PROTECTION,
	[NPP_OUTCOME_TARGET] = BLK_STS_TARGET,
	[NPP_OUTCOME_RESERVATION] = NPP_BLK_STS_RESERVATION,
	[NPP_OUTCOME_IO] = BLK_STS_IOERR,
};

/* How often this request has been sent again.  blk-mq clears the flag of a new one. */
static u8 npp_retries(struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	return req->rq_flags & RQF_DONTPREP ? iod->retries : 0;
}

/*
 * The request's data is unmapped before it is sent again: the next attempt maps
 * it anew, so that map and unmap always come in pairs.
 * Context: any.
 */
void npp_complete_rq(struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const enum npp_outcome outcome = npp_status_outcome(iod->attempt.status, npp_retries(req));

	npp_unmap_data(req->mq_hctx->driver_data, req);
	if (outcome == NPP_OUTCOME_RETRY && !blk_noretry_request(req)) {
		iod->retries = npp_retries(req) + 1;
		req->rq_flags |= RQF_DONTPREP;
		blk_mq_requeue_request(req, true);
		return;
	}
	blk_mq_end_request(req, npp_blk_status[outcome]);
}

/* Requests without error that somebody else has gathered, of any queues.  Context: any. */
void npp_complete_batch(struct io_comp_batch *batch)
{
	struct request *req;

	rq_list_for_each(&batch->req_list, req)
		npp_unmap_data(req->mq_hctx->driver_data, req);
	blk_mq_end_request_batch(batch);
}

static bool npp_cancel_request(struct request *req, void *data)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_hwq *q = req->mq_hctx->driver_data;
	const struct npp_dev *dev = data;

	/* Completed before, by a handler on another CPU: that one ends it. */
	if (blk_mq_request_completed(req))
		return true;
	iod->attempt.status = READ_ONCE(dev->fail_ctrl) ? NPP_STATUS_DEAD : NPP_STATUS_CANCELLED;
	/* Whoever pauses a controller may do so often: none of its commands is to blame. */
	if (READ_ONCE(dev->holds))
		iod->retries = 0;
	q->cancelled++;
	blk_mq_complete_request(req);
	return true;
}

/*
 * Everything still outstanding is the caller's: the controller is disabled, so
 * it will neither complete nor touch memory.
 */
void npp_cancel_requests(struct npp_dev *dev)
{
	if (!dev->has_tag_set)
		return;
	blk_mq_tagset_busy_iter(&dev->tag_set, npp_cancel_request, dev);
	blk_mq_tagset_wait_completed_request(&dev->tag_set);
}
