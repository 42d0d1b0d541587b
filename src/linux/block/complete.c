// SPDX-License-Identifier: GPL-2.0
/* From a status to the end of a request. */

#include <linux/blkdev.h>

#include "base/request.h"
#include "block/block.h"
#include "block/dma.h"
#include "compat/compat.h"

static const blk_status_t npp_blk_status[NPP_OUTCOMES] = {
	[NPP_OUTCOME_OK] = BLK_STS_OK,
	[NPP_OUTCOME_NOT_SUPPORTED] = BLK_STS_NOTSUPP,
	[NPP_OUTCOME_NO_SPACE] = BLK_STS_NOSPC,
	[NPP_OUTCOME_MEDIUM] = BLK_STS_MEDIUM,
	[NPP_OUTCOME_PROTECTION] = BLK_STS_PROTECTION,
	[NPP_OUTCOME_TARGET] = BLK_STS_TARGET,
	[NPP_OUTCOME_RESERVATION] = NPP_BLK_STS_RESERVATION,
	[NPP_OUTCOME_IO] = BLK_STS_IOERR,
};

/* What is kept of a request that was sent before.  blk-mq clears the flag of a new one. */
static struct npp_resends *npp_resends(struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	if (!(req->rq_flags & RQF_DONTPREP)) {
		iod->resends = (struct npp_resends){ };
		req->rq_flags |= RQF_DONTPREP;
	}
	return &iod->resends;
}

static u16 npp_seconds(void)
{
	return jiffies / HZ;
}

/* Not to blame for what a reset does: sent again as long as the disk is not given up. */
static bool npp_send_cancelled_again(struct npp_resends *r, const struct npp_dev *dev)
{
	if (!r->was_cancelled)
		r->cancelled_at_s = npp_seconds();
	r->was_cancelled = true;
	return npp_cancelled_is_retried((u16)(npp_seconds() - r->cancelled_at_s),
					READ_ONCE(dev->ctrl_loss_tmo));
}

/* Failfast requests, and thus all readahead, want the error instead. */
static noinline bool npp_send_again(struct request *req, u16 status)
{
	const struct npp_hwq *q = req->mq_hctx->driver_data;
	struct npp_resends *r;

	if (blk_noretry_request(req))
		return false;
	r = npp_resends(req);
	if (status == NPP_STATUS_CANCELLED)
		return npp_send_cancelled_again(r, q->dev);
	return npp_status_may_retry(status, r->retries++);
}

/*
 * The request's data is unmapped before it is sent again: the next attempt maps
 * it anew, so that map and unmap always come in pairs.
 * Context: any.
 */
void npp_complete_rq(struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const u16 status = iod->attempt.status;

	npp_unmap_data(req->mq_hctx->driver_data, req);
	if (likely(!status))
		blk_mq_end_request(req, BLK_STS_OK);
	else if (npp_send_again(req, status))
		blk_mq_requeue_request(req, true);
	else
		blk_mq_end_request(req, npp_blk_status[npp_status_outcome(status)]);
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
	struct npp_hwq *q = npp_queue_of(req);
	const bool final = *(const bool *)data;

	/* Completed before, by a handler on another CPU: that one ends it. */
	if (blk_mq_request_completed(req))
		return true;
	iod->attempt.status = final ? NPP_STATUS_DEAD : NPP_STATUS_CANCELLED;
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
	bool final = npp_state_io_fails(npp_ctrl_state(&dev->ctrl));

	if (!dev->has_tag_set)
		return;
	blk_mq_tagset_busy_iter(&dev->tag_set, npp_cancel_request, &final);
	blk_mq_tagset_wait_completed_request(&dev->tag_set);
}
