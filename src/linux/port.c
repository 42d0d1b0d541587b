// SPDX-License-Identifier: GPL-2.0
/* What the core asks of Linux; include/nvmepp/port.h has the contracts. */

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>

#include "nvmepp.h"

u32 nppk_read32(struct npp_dev *dev, u32 offset)
{
	return readl(dev->bar + offset);
}

void nppk_write32(struct npp_dev *dev, u32 offset, u32 value)
{
	writel(value, dev->bar + offset);
}

/* writel() orders earlier writes to memory before the doorbell. */
void nppk_doorbell(void *doorbell, u32 value)
{
	writel(value, (__force void __iomem *)doorbell);
}

u64 nppk_now_ms(void)
{
	return ktime_to_ms(ktime_get());
}

void nppk_sleep_ms(u32 ms)
{
	if (ms < 20)
		usleep_range(ms * 1000, ms * 1000 + 500);
	else
		msleep(ms);
}

/* Context: a handler or a look; the queue's other reapers are kept out. */
void nppk_complete(struct npp_reap *reap, u16 tag, u16 status, u32 result)
{
	struct npp_hwq *q = reap->q;
	struct request *req;
	struct npp_iod *iod;

	if (reap->look)
		q->lost++;
	if (unlikely(!q->qid)) {
		npp_admin_complete(reap, tag, status, result);
		return;
	}
	if (unlikely(q->own_tag && tag == q->own_tag)) {
		npp_own_complete(reap);
		return;
	}
	/* The core has checked the tag against what is in flight. */
	req = blk_mq_tag_to_rq(q->dev->tag_set.tags[q->qid - 1], tag);
	iod = blk_mq_rq_to_pdu(req);
	iod->status = status;
	if (unlikely(reap->look)) {
		iod->found_by_look = true;
		q->worst_ms = max_t(u64, q->worst_ms, npp_age_ms(req));
	}
	if (unlikely(blk_should_fake_timeout(req->q)))
		return;
	if (blk_mq_complete_request_remote(req))
		return;
	if (!blk_mq_add_to_batch(req, reap->batch, status, npp_complete_batch))
		npp_complete_rq(req);
}
