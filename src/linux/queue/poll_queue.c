// SPDX-License-Identifier: GPL-2.0
/*
 * Poll queues: completions are taken by those who wait for them, by any number of
 * them at a time, and nothing interrupts.  The poll lock is all that keeps them, a
 * look, and a reset apart.
 */

#include "compat/compat.h"
#include "queue/queue.h"

/*
 * What is gathered is @batch's from the beginning, so that it may be ended when others
 * reap.
 */
static unsigned int npp_poll_queue_reap(struct npp_hwq *q, struct io_comp_batch *batch)
{
	unsigned int taken = 0;
	unsigned long flags;

	spin_lock_irqsave(&q->poll_lock, flags);
	if (!q->offline) {
		swap(q->reap.batch, *batch);
		taken = npp_queue_reap(&q->core, &q->reap);
		swap(q->reap.batch, *batch);
		q->polled += taken;
	}
	spin_unlock_irqrestore(&q->poll_lock, flags);
	return taken;
}

/* Context: any but interrupts. */
static unsigned int npp_poll_queue(struct npp_hwq *q, struct io_comp_batch *batch)
{
	DEFINE_IO_COMP_BATCH(own);
	unsigned int taken;

	if (!npp_queue_pending(&q->core))
		return 0;
	taken = npp_poll_queue_reap(q, batch ?: &own);
	if (npp_batch_first(&own))
		own.complete(&own);
	return taken;
}

/*
 * A submitter waits for requests that were sent to @q, and ends what is put into @batch, if
 * there is one.  Returns how many completions were reaped.  While there are fewer queues than
 * at probe, another queue may take @q's requests: one with an interrupt, whose handler ends
 * them, and which is the handler's alone to reap.
 * Context: any but interrupts; a request of one of the disks' keeps the controller.
 */
int npp_poll_hwq(struct npp_hwq *q, struct io_comp_batch *batch)
{
	struct npp_hwq *target = READ_ONCE(q->target) ?: q;

	return npp_is_poll_queue(target) ? npp_poll_queue(target, batch) : 0;
}

/* blk-mq's: somebody waits for a request of this queue. */
int npp_poll_hctx(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch)
{
	return npp_poll_hwq(hctx->driver_data, batch);
}

/* Those who wait may be frozen, or busy with something else.  Context: process. */
void npp_poll_all(struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = dev->irq_queues + 1; qid <= READ_ONCE(dev->io_queues); qid++)
		npp_poll_queue(&dev->queues[qid], NULL);
}
