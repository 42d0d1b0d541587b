// SPDX-License-Identifier: GPL-2.0
/*
 * After a reset each vector is tested: one command a queue, a Flush, must raise
 * an interrupt; poll queues have none.  It has a tag of its own, which blk-mq does not know.
 */

#include "base/log.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_VECTOR_TEST_MS 200

/* Context: as npp_os_complete(). */
void npp_vector_test_complete(struct npp_hwq *q)
{
	q->lost_irq_completions += q->reap.irqdisable && !q->vector_test_without_irq;
	q->vector_test_found_by_poll = q->reap.irqdisable;
	q->vector_test_in_flight = false;
	complete(&q->vector_test_done);
}

/* No task waits for it any more.  Context: teardown, after the last poll. */
void npp_vector_test_cancel(struct npp_hwq *q)
{
	q->cancelled += q->vector_test_in_flight;
	q->vector_test_in_flight = false;
}

/* Of how many queues the device has not answered the test. */
unsigned int npp_vector_tests_unanswered(const struct npp_dev *dev)
{
	unsigned int qid, count = 0;

	for (qid = 1; qid <= READ_ONCE(dev->allocated_queues); qid++)
		count += READ_ONCE(dev->queues[qid].vector_test_in_flight);
	return count;
}

/* Any namespace will do; none, no test. */
static u32 npp_some_nsid(struct npp_dev *dev)
{
	struct npp_ns *ns;
	u32 nsid = 0;

	mutex_lock(&dev->ns_lock);
	ns = list_first_entry_or_null(&dev->namespaces, struct npp_ns, entry);
	if (ns)
		nsid = ns->info.nsid;
	mutex_unlock(&dev->ns_lock);
	return nsid;
}

static void npp_vector_test_send(struct npp_hwq *q, u32 nsid)
{
	init_completion(&q->vector_test_done);
	q->vector_test_in_flight = true;
	q->vector_test_without_irq = false;
	spin_lock(&q->sq_lock);
	npp_submit_flush(&q->core, q->vector_test_tag, nsid);
	npp_queue_ring(&q->core);
	spin_unlock(&q->sq_lock);
}

static bool npp_vector_test_wait(struct npp_hwq *q, unsigned int ms)
{
	return wait_for_completion_timeout(&q->vector_test_done, msecs_to_jiffies(ms));
}

/*
 * One that is not answered in this time proves nothing about the vector: a Flush may
 * take as long as the medium needs, and the I/O timeout decides about that.
 */
static void npp_test_vector(struct npp_hwq *q, u32 nsid)
{
	npp_vector_test_send(q, nsid);
	if (npp_vector_test_wait(q, NPP_VECTOR_TEST_MS))
		return;
	/* Where all its CPUs have gone offline meanwhile, no interrupt is lost. */
	q->vector_test_without_irq = !npp_irq_started(q);
	if (q->vector_test_without_irq)
		npp_poll_irqdisable(q);
	else
		npp_recover_in_vector_test(q);
}

/*
 * A queue without interrupts is the escalation's business; nothing here fails a reset.
 * Context: the reset worker, with the disks quiesced.
 */
void npp_test_vectors(struct npp_dev *dev)
{
	const u32 nsid = npp_some_nsid(dev);
	unsigned int qid;

	/* Two entries hold one command, which is a request's. */
	if (npp_ctrl_max_depth(&dev->ctrl) < 3)
		return;
	for (qid = 1; nsid && qid <= min(dev->io_queues, dev->irq_queues); qid++) {
		if (dev->queues[qid].vector_test_tag && npp_irq_started(&dev->queues[qid]))
			npp_test_vector(&dev->queues[qid], nsid);
	}
}
