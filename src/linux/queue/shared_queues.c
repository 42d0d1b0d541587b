// SPDX-License-Identifier: GPL-2.0
/*
 * A controller that after a reset grants fewer I/O queues, or shorter ones, than it did
 * at probe.  blk-mq's contexts and tags stay: taking contexts away would wait for
 * requests which wait for this very reset.  Instead all contexts send to the queues that
 * there are, under tags that those hand out.  Requests that find none come again.
 *
 * That is a slow way, by npp_queue_rq_shared(), which the next reset with enough queues
 * ends: the requests' data, and the small memory of their tags, stay those of their
 * contexts.
 */

#include <linux/bitmap.h>
#include <linux/slab.h>

#include "base/log.h"
#include "queue/queue.h"

/* Context: any; @q is offline. */
void npp_unshare(struct npp_hwq *q)
{
	kvfree(q->shared);
	bitmap_free(q->shared_busy);
	q->shared = NULL;
	q->shared_busy = NULL;
	q->shared_tags = 0;
}

/*
 * Kept once it is there.  The disk that waits for this may be the one that memory is
 * freed to: rather than wait for memory, the attempt fails, and is repeated.
 */
static int npp_alloc_shared(struct npp_hwq *q)
{
	const gfp_t gfp = GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN;

	if (!q->shared)
		q->shared = kvcalloc(q->mq_tags, sizeof(*q->shared), gfp);
	if (!q->shared_busy)
		q->shared_busy = bitmap_zalloc(q->mq_tags, gfp);
	return q->shared && q->shared_busy ? 0 : -ENOMEM;
}

/* Requests of the vector test need an entry too, if there are more than two. */
static int npp_share(struct npp_hwq *q, u16 depth)
{
	int err = npp_alloc_shared(q);

	if (err)
		return err;
	bitmap_zero(q->shared_busy, q->mq_tags);
	q->shared_tags = clamp_t(int, depth - 2, 1, q->mq_tags);
	q->requests = q->shared;
	q->reap.one_by_one = true;
	return 0;
}

static bool npp_is_too_short(const struct npp_dev *dev, const struct npp_hwq *q)
{
	return npp_ctrl_max_depth(&dev->ctrl) < q->depth;
}

static bool npp_has_to_share(const struct npp_dev *dev)
{
	return dev->has_tag_set && (dev->io_queues < dev->tag_set.nr_hw_queues ||
				    npp_is_too_short(dev, &dev->queues[1]));
}

/* One queue with an interrupt there always is: poll queues are the last ones. */
static struct npp_hwq *npp_target_of(struct npp_dev *dev, unsigned int qid)
{
	if (qid <= dev->io_queues)
		return &dev->queues[qid];
	return &dev->queues[1 + qid % min(dev->io_queues, dev->irq_queues)];
}

static void npp_own_queues(struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 1; qid <= dev->io_queues; qid++) {
		struct npp_hwq *q = &dev->queues[qid];

		q->shared_tags = 0;
		q->reap.one_by_one = false;
		if (dev->has_tag_set)
			q->requests = dev->tag_set.tags[qid - 1]->rqs;
		WRITE_ONCE(q->enabled, true);
	}
}

/*
 * From here on npp_queue_rq() sends.  Returns 0 or -ENOMEM.
 * Context: a bring-up, the disks quiesced, or none there yet.
 */
int npp_open_queues(struct npp_dev *dev)
{
	unsigned int qid;
	int err = 0;

	if (!npp_has_to_share(dev)) {
		npp_own_queues(dev);
		return 0;
	}
	for (qid = 1; !err && qid <= dev->io_queues; qid++)
		err = npp_share(&dev->queues[qid], npp_ctrl_max_depth(&dev->ctrl));
	if (err)
		return err;
	npp_warn(dev, "%u of %u I/O queues, %u commands each: shared by all CPUs\n",
		 dev->io_queues, dev->tag_set.nr_hw_queues, dev->queues[1].shared_tags);
	for (qid = 1; qid <= dev->tag_set.nr_hw_queues; qid++)
		WRITE_ONCE(dev->queues[qid].target, npp_target_of(dev, qid));
	return 0;
}

/* Nothing is sent until npp_open_queues().  Context: the disks are quiesced, or fail. */
void npp_close_queues(struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 1; qid <= dev->allocated_queues; qid++) {
		WRITE_ONCE(dev->queues[qid].enabled, false);
		WRITE_ONCE(dev->queues[qid].target, NULL);
	}
}

/* A tag of @q for @req, or -EAGAIN.  Context: any but hard interrupts. */
int npp_shared_tag_get(struct npp_hwq *q, struct request *req)
{
	unsigned long flags;
	unsigned int tag;

	spin_lock_irqsave(&q->share_lock, flags);
	tag = find_first_zero_bit(q->shared_busy, q->shared_tags);
	if (tag < q->shared_tags) {
		__set_bit(tag, q->shared_busy);
		q->shared[tag] = req;
	}
	spin_unlock_irqrestore(&q->share_lock, flags);
	return tag < q->shared_tags ? tag : -EAGAIN;
}

/* Context: any. */
void npp_shared_tag_put(struct npp_hwq *q, unsigned int tag)
{
	unsigned long flags;

	spin_lock_irqsave(&q->share_lock, flags);
	__clear_bit(tag, q->shared_busy);
	spin_unlock_irqrestore(&q->share_lock, flags);
}

/*
 * @q will take @req.  Where it has an interrupt, bios are as those of a disk without poll
 * queues: their submitters do not poll, and 6.1 does not put them into its cache, which an
 * interrupt must not do.  A user's command is polled for by its queue, and its bio, which
 * says by the same flag where it is from, is freed by its task.
 * The cookie to poll by stays as the start has set it: where a reset sends @req to a poll
 * queue after all, its submitter finds it there.
 * Context: any; after the request was started, before it is sent.
 */
void npp_shared_unpoll(const struct npp_hwq *q, struct request *req)
{
	struct bio *bio;

	if (npp_is_poll_queue(q) || blk_rq_is_passthrough(req))
		return;
	__rq_for_each_bio(bio, req)
		bio_clear_polled(bio);
}
