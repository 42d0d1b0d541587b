// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that became too long while they waited: after a reset the controller says a
 * smaller MDTS.  blk-mq cannot split a request, but its bios are split when they are
 * submitted again, once the disk has its new limits.
 */

#include <linux/bio.h>
#include <linux/blk-mq.h>

#include "block/block.h"

static void npp_parts_work(struct work_struct *work)
{
	struct npp_ns *ns = container_of(work, struct npp_ns, parts_work);
	unsigned long flags;
	struct bio_list parts;
	struct bio *bio;

	spin_lock_irqsave(&ns->parts_lock, flags);
	parts = ns->parts;
	bio_list_init(&ns->parts);
	spin_unlock_irqrestore(&ns->parts_lock, flags);
	while ((bio = bio_list_pop(&parts))) {
		/* To be split it has to be one that may wait, and that is not polled for. */
		bio->bi_opf &= ~(REQ_NOWAIT | REQ_POLLED);
		submit_bio_noacct(bio);
	}
}

void npp_parts_init(struct npp_ns *ns)
{
	bio_list_init(&ns->parts);
	spin_lock_init(&ns->parts_lock);
	INIT_WORK(&ns->parts_work, npp_parts_work);
}

/*
 * Submit what waits, split by the limits that the disk has now: those that it has from
 * now on, or it fails, or what is too long still comes back.
 * Context: any; the disk is listed (dev->ns_lock or dev->scan_lock held).
 */
void npp_parts_send(struct npp_ns *ns)
{
	if (!bio_list_empty(&ns->parts))
		kblockd_schedule_work(&ns->parts_work);
}

/* What is left fails: the disk is gone.  Context: process. */
void npp_parts_exit(struct npp_ns *ns)
{
	npp_parts_send(ns);
	flush_work(&ns->parts_work);
}

/*
 * Ends @req, whose bios are submitted again by npp_parts_send().  A data request of the
 * flush machinery cannot be taken apart.
 * Context: npp_queue_rq().
 */
blk_status_t npp_end_too_long(struct npp_ns *ns, struct request *req)
{
	unsigned long flags;

	if (req->rq_flags & RQF_FLUSH_SEQ || blk_rq_is_passthrough(req))
		return BLK_STS_IOERR;
	spin_lock_irqsave(&ns->parts_lock, flags);
	blk_steal_bios(&ns->parts, req);
	spin_unlock_irqrestore(&ns->parts_lock, flags);
	blk_mq_set_request_complete(req);
	blk_mq_end_request(req, BLK_STS_OK);
	return BLK_STS_OK;
}
