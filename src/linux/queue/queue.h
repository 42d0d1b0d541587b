/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queue pairs: their memory and interrupts, and the ways to reap their completions:
 * the interrupt handler, the poll with the interrupt disabled, the fallback poll by
 * timer, and poll queues.  Process context, sleeps, unless said otherwise.
 */
#ifndef NVMEPP_QUEUE_QUEUE_H
#define NVMEPP_QUEUE_QUEUE_H

#include <linux/blk-mq.h>

#include "base/dev.h"

/* Interrupts of this queue that were handled, spurious ones excluded.  Any context. */
static inline u64 npp_irqs_handled(const struct npp_hwq *q)
{
	return READ_ONCE(q->interrupts) - READ_ONCE(q->spurious);
}

/* Interrupts of this queue that found nothing to take.  Any context. */
static inline u64 npp_irqs_for_nothing(const struct npp_hwq *q)
{
	return READ_ONCE(q->late) + READ_ONCE(q->spurious);
}

/*
 * @taken completions were reaped outside the handler: if their interrupts arrive, the
 * handler finds nothing.  Context: as npp_queue_reap().
 */
static inline void npp_taken_outside(struct npp_hwq *q, unsigned int taken)
{
	if (!taken)
		return;
	q->reaped_by_poll = true;
	q->announced += taken - 1;
}

/* queue.c */
int npp_queue_alloc(struct npp_dev *dev, unsigned int qid, u16 depth);
void npp_queue_free(struct npp_dev *dev, unsigned int qid);
unsigned int npp_queue_bytes(const struct npp_hwq *q);

/* shadow_doorbells.c */
int npp_shadow_start(struct npp_dev *dev, unsigned int io_queues);
void npp_shadow_free(struct npp_dev *dev);
bool npp_ring_again(struct npp_hwq *q);

/* irq.c; npp_reap_outside(): any context */
int npp_irq_alloc_one(struct npp_dev *dev);
int npp_irq_alloc(struct npp_dev *dev, unsigned int io_queues);
int npp_irq_request(struct npp_hwq *q, u16 vector);
void npp_sync_cq(struct npp_hwq *q);
void npp_irq_release(struct npp_hwq *q);
void npp_irq_release_disabled(struct npp_hwq *q);
void npp_irq_free(struct npp_dev *dev);
const char *npp_irq_type(const struct npp_dev *dev);
bool npp_irq_started(const struct npp_hwq *q);
unsigned int npp_poll_irqdisable(struct npp_hwq *q);
unsigned int npp_reap_outside(struct npp_hwq *q, bool irqdisable);
bool npp_set_fallback_poll(struct npp_hwq *q, bool polling);
void npp_queue_offline(struct npp_hwq *q);
void npp_queue_online(struct npp_hwq *q);
void npp_rewrite_vectors(struct npp_dev *dev, unsigned int irq);

/* shared_queues.c; npp_shared_tag_get(), _put(), npp_shared_unpoll(): any context */
int npp_open_queues(struct npp_dev *dev);
void npp_close_queues(struct npp_dev *dev);
void npp_unshare(struct npp_hwq *q);
int npp_shared_tag_get(struct npp_hwq *q, struct request *req);
void npp_shared_tag_put(struct npp_hwq *q, unsigned int tag);
void npp_shared_unpoll(const struct npp_hwq *q, struct request *req);

/* fallback_poll.c; npp_fallback_poll_start(): any context */
void npp_fallback_poll_init(struct npp_hwq *q);
void npp_fallback_poll_start(struct npp_hwq *q);
void npp_fallback_poll_begin(struct npp_hwq *q);
void npp_fallback_poll_end(struct npp_hwq *q);
void npp_fallback_poll_quit(struct npp_hwq *q);

/* poll_queue.c; npp_poll_hctx(), npp_poll_hwq(): any context but interrupts */
int npp_poll_hwq(struct npp_hwq *q, struct io_comp_batch *batch);
int npp_poll_hctx(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch);
void npp_poll_all(struct npp_dev *dev);

#endif
