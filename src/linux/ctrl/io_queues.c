// SPDX-License-Identifier: GPL-2.0
/*
 * The I/O queues of a bring-up: how many, their vectors, and their creation.  Probe sizes
 * them; a reset brings back the same, or fewer.
 */

#include "base/log.h"
#include "base/params.h"
#include "ctrl/ctrl.h"
#include "queue/queue.h"

/*
 * Vectors for @irq_queues I/O queues, and the admin queue on its final one.  Returns for
 * how many they are enough, or an error.
 */
static int npp_request_vectors(struct npp_dev *dev, unsigned int irq_queues)
{
	int err, got;

	/* No command is in flight: the admin queue may change its interrupt. */
	npp_queue_offline(&dev->queues[0]);
	npp_free_irqs(dev);
	got = npp_irq_alloc(dev, irq_queues);
	if (got < 0)
		return got;
	err = npp_irq_request(&dev->queues[0], 0);
	if (err)
		return err;
	npp_queue_online(&dev->queues[0]);
	return min_t(unsigned int, got, irq_queues);
}

/*
 * Probe's: how many I/O queues there will be.  CPUs, the parameters, the controller and
 * the vectors limit it.  Poll queues, which are the last ones, need no vector.
 */
static int npp_size_queues(struct npp_dev *dev, unsigned int granted, unsigned int *count)
{
	const unsigned int poll_queues = min(dev->poll_queues, granted - 1u);
	const int got = npp_request_vectors(dev, granted - poll_queues);

	if (got < 0)
		return got;
	dev->irq_queues = got;
	*count = got + poll_queues;
	return 0;
}

/* Kept over a reset; an interrupt that was released meanwhile is requested on its own. */
static bool npp_vectors_in_use(const struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 1; qid <= dev->allocated_queues; qid++) {
		if (npp_has_irq(&dev->queues[qid]))
			return true;
	}
	return false;
}

/*
 * How many I/O queues the controller serves.  After a reset they may be fewer than there
 * are contexts of blk-mq, which then share them (shared_queues.c), but not none.  After
 * sleep each queue needs its vector again.
 */
static int npp_choose_queues(struct npp_dev *dev, unsigned int *count)
{
	unsigned int wanted = dev->has_tag_set ? dev->tag_set.nr_hw_queues : dev->max_queues;
	u16 granted;
	int err;

	*count = 0;
	err = npp_set_queue_count(&dev->ctrl, wanted, &granted);
	if (err)
		return err;
	if (!dev->has_tag_set)
		return granted ? npp_size_queues(dev, granted, count) : 0;
	if (!granted)
		return -EIO;
	*count = granted;
	if (npp_vectors_in_use(dev))
		return 0;
	err = npp_request_vectors(dev, dev->irq_queues);
	return err < 0 ? err : err < dev->irq_queues ? -ENOSPC : 0;
}

static u16 npp_io_depth(const struct npp_dev *dev)
{
	/*
	 * One entry more than tags, and one tag of the driver's own.  1024 by default: more
	 * would double what the submission ring takes, 16 contiguous pages.
	 */
	return min(npp_params.queue_depth + 2, npp_ctrl_max_depth(&dev->ctrl));
}

static int npp_start_queue(struct npp_dev *dev, unsigned int qid)
{
	struct npp_hwq *q = &dev->queues[qid];
	u16 depth;
	int err;

	if (qid > dev->allocated_queues) {
		err = npp_queue_alloc(dev, qid, npp_io_depth(dev));
		if (err)
			return err;
		dev->allocated_queues = qid;
	}
	err = npp_request_queue_irq(q);
	if (err)
		return err;
	/* The rings' memory is probe's; a new firmware may take fewer entries. */
	depth = min_t(u32, q->depth, npp_ctrl_max_depth(&dev->ctrl));
	npp_queue_restart(&q->core, depth);
	if (dev->shadow_used)
		npp_queue_use_shadow(&q->core, dev->shadow);
	err = npp_create_queues(&dev->ctrl, qid, depth, q->sq_dma, q->cq_dma, q->vector);
	if (err)
		return err;
	q->stall = (struct npp_stall){ .taken = npp_queue_taken(&q->core) };
	q->maybe_late = false;
	/* The watchdog has nothing to do with a poll queue. */
	q->arm_watchdog = !npp_is_poll_queue(q);
	npp_queue_online(q);
	dev->io_queues = qid;
	return 0;
}

/* What the disks will be made for: each reset has to bring back the same. */
static void npp_settle_queues(struct npp_dev *dev)
{
	if (dev->has_tag_set || !dev->io_queues)
		return;
	dev->irq_queues = min(dev->irq_queues, dev->io_queues);
	dev->poll_queues = dev->io_queues - dev->irq_queues;
	if (dev->poll_queues < npp_params.poll_queues)
		npp_warn(dev, "poll_queues=%u: lowered to %u, one a CPU at most, beside %u I/O queues with interrupts\n",
			 npp_params.poll_queues, dev->poll_queues, dev->irq_queues);
}

/*
 * A queue that the controller refuses ends the list: those before it serve.  Without any
 * it has its node, for firmware and logs.  A command without an answer fails the attempt.
 * At probe a queue for which there is no memory ends the list too, unless it is the first.
 */
static bool npp_is_last_queue(struct npp_dev *dev, unsigned int qid, int err)
{
	if (err == -ENOMEM && qid > 1 && !dev->has_tag_set) {
		npp_warn(dev, "no memory for I/O queue %u: it does with %u\n", qid, qid - 1);
		return true;
	}
	return err == -EIO && (qid > 1 || !dev->has_tag_set);
}

/* The I/O queues that the controller grants, each with its interrupt.  Context: bring-up. */
int npp_start_io(struct npp_dev *dev)
{
	unsigned int count = 0, qid;
	u32 coalescing_us;
	int err;

	err = npp_get_coalescing(&dev->ctrl, &coalescing_us);
	dev->coalescing_ms = DIV_ROUND_UP(coalescing_us, 1000);
	if (!err)
		err = npp_choose_queues(dev, &count);
	if (!err)
		err = npp_shadow_start(dev, count);
	for (qid = 1; !err && qid <= count; qid++) {
		err = npp_start_queue(dev, qid);
		if (npp_is_last_queue(dev, qid, err)) {
			err = 0;
			break;
		}
	}
	if (err)
		return err;
	if (!dev->io_queues)
		npp_err(dev, "the controller %s: no disk can be served\n",
			count ? "refuses I/O queue 1" : "grants no I/O queue");
	npp_settle_queues(dev);
	return npp_open_queues(dev);
}
