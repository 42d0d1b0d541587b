// SPDX-License-Identifier: GPL-2.0
/* What the core asks of Linux; include/nvmepp/os.h has the contracts. */

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>

#include "base/request.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

u32 npp_os_read32(struct npp_dev *dev, u32 offset)
{
	return readl(dev->bar + offset);
}

void npp_os_write32(struct npp_dev *dev, u32 offset, u32 value)
{
	writel(value, dev->bar + offset);
}

/* writel() orders earlier writes to memory before the doorbell. */
void npp_os_doorbell(void *doorbell, u32 value)
{
	writel(value, (__force void __iomem *)doorbell);
}

u64 npp_os_now_ms(void)
{
	return ktime_to_ms(ktime_get());
}

void npp_os_sleep_ms(u32 ms)
{
	if (ms < 20)
		usleep_range(ms * 1000, ms * 1000 + 500);
	else
		msleep(ms);
}

/* A command that is not blk-mq's. */
static noinline void npp_complete_driver_cmd(struct npp_hwq *q, u16 tag, u16 status, u64 result)
{
	if (q->qid) {
		npp_vector_test_complete(q);
		return;
	}
	q->lost_irq_completions += q->reap.irqdisable;
	npp_admin_complete(q, tag, status, result);
}

/* Its interrupt was lost.  Context: a poll with the interrupt disabled. */
static void npp_count_stall(struct npp_hwq *q, struct request *req)
{
	const u64 ms = npp_age_ms(req);

	q->lost_irq_completions++;
	q->max_stall_ms = max(q->max_stall_ms, ms);
	q->stalls[npp_stall_bucket(ms)]++;
}

/* One that was found by a poll or a reset, or of a queue that several contexts share. */
static noinline void npp_complete_outside(struct npp_hwq *q, u16 tag, struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	if (q->shared_tags)
		npp_shared_tag_put(q, tag);
	iod->attempt.found_by_poll = q->reap.irqdisable;
	/* Its submitter has not polled for it: that is no lost interrupt. */
	if (q->reap.irqdisable && !npp_is_poll_queue(q))
		npp_count_stall(q, req);
	if (!unlikely(blk_should_fake_timeout(req->q)) && !blk_mq_complete_request_remote(req))
		npp_complete_rq(req);
}

/* Context: a handler or a poll; the queue's other reapers are kept out. */
void npp_os_complete(struct npp_reap *reap, u32 tag, u32 status, u64 result)
{
	struct npp_hwq *q = container_of(reap, struct npp_hwq, reap);
	struct request *req;
	struct npp_iod *iod;

	if (unlikely(tag >= q->mq_tags)) {
		npp_complete_driver_cmd(q, tag, status, result);
		return;
	}
	/* The core has checked the tag against what is in flight. */
	req = q->requests[tag];
	iod = blk_mq_rq_to_pdu(req);
	iod->attempt.status = status;
	iod->result = result;
	if (unlikely(reap->one_by_one)) {
		npp_complete_outside(q, tag, req);
		return;
	}
	if (unlikely(blk_should_fake_timeout(req->q)))
		return;
	if (unlikely(blk_mq_complete_request_remote(req)))
		return;
	if (unlikely(!blk_mq_add_to_batch(req, &reap->batch, status, npp_complete_batch)))
		npp_complete_rq(req);
}
