// SPDX-License-Identifier: GPL-2.0
/*
 * A lost interrupt: a poll that finds completions whose interrupt did not come.  What
 * kind of loss it was, what the escalation says (src/core/irq_health.hpp), and doing
 * it.
 */

#include <linux/ktime.h>

#include "base/log.h"
#include "base/noio.h"
#include "base/params.h"
#include "base/trace.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

/* How often the vector of a polled queue is checked: that reads registers. */
#define NPP_RESTORE_RETRY_MS 1000

static bool npp_reset_recently(const struct npp_dev *dev, u64 now_ms)
{
	const u64 last_ms = READ_ONCE(dev->lost_irq_reset_ms);

	return last_ms && now_ms - last_ms < NPP_IRQ_RESET_GAP_MS;
}

static void npp_escalate_to_reset(struct npp_dev *dev)
{
	const u64 before_ms = READ_ONCE(dev->lost_irq_reset_ms);

	/* Known before the reset begins, since its test of the vectors may ask. */
	WRITE_ONCE(dev->lost_irq_reset_ms, max_t(u64, 1, npp_os_now_ms()));
	if (npp_request_reset(dev, NPP_RESET_LOST_IRQS))
		dev->lost_irq_resets++;
	else
		WRITE_ONCE(dev->lost_irq_reset_ms, before_ms);
}

static void npp_escalate_to_restore(struct npp_hwq *q)
{
	bool good = false;

	mutex_lock(&q->irq_lock);
	if (npp_irq_is_usable(q))
		good = npp_restore_vector(q);
	mutex_unlock(&q->irq_lock);
	trace_nvmepp_vector_restore(q, good);
}

/*
 * While a queue is polled no loss is detected any more, so nothing would restore a
 * vector whose fault is over, and its interrupts could never come back.
 * Context: process, q->health_lock held.
 */
void npp_retry_vector_restore(struct npp_hwq *q)
{
	const u64 now_ms = npp_os_now_ms();
	bool tried = false, good = false;

	if (READ_ONCE(q->dev->irq_cap) < NPP_IRQ_CAP_RESTORE ||
	    now_ms - q->restore_checked_ms < NPP_RESTORE_RETRY_MS)
		return;
	q->restore_checked_ms = now_ms;
	mutex_lock(&q->irq_lock);
	if (npp_irq_is_usable(q) && !npp_vector_as_written(q)) {
		tried = true;
		good = npp_restore_vector(q);
	}
	mutex_unlock(&q->irq_lock);
	if (tried)
		trace_nvmepp_vector_restore(q, good);
}

/*
 * What completed after the poll and before the vector was whole again is of the
 * same loss: detected by itself it would count as a second one in a row.  Returns
 * the number of those.
 */
static unsigned int npp_restore_irq(struct npp_hwq *q, enum npp_irq_action action)
{
	switch (action) {
	case NPP_IRQ_READ_FIRST:
		WRITE_ONCE(q->read_first, true);
		break;
	case NPP_IRQ_RESTORE:
		npp_escalate_to_restore(q);
		break;
	default:
		return 0;
	}
	return npp_poll_irqdisable(q);
}

/* What is left to do when the vector cannot be healed. */
static void npp_escalate(struct npp_hwq *q, enum npp_irq_action action)
{
	switch (action) {
	case NPP_IRQ_RESET:
		npp_escalate_to_reset(q->dev);
		break;
	case NPP_IRQ_POLL:
		npp_fallback_poll_begin(q);
		npp_watchdog_calm(q->dev);
		break;
	default:
		break;
	}
}

/* Context: process, q->health_lock held. */
static void npp_handle_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
				bool proved_dead)
{
	const u64 now_ms = npp_os_now_ms();
	const struct npp_lost_irq c = {
		.now_ms = now_ms,
		.budget = READ_ONCE(npp_params.lost_irq_budget),
		.cap = READ_ONCE(q->dev->irq_cap),
		.loss = loss,
		.interrupt_between = npp_irqs_handled(q) != q->irqs_at_last_loss,
		.reset_recently = npp_reset_recently(q->dev, now_ms),
		.proved_dead = proved_dead,
	};
	const enum npp_irq_action action = npp_irq_health_lost_irq(&q->health, &c);

	npp_watchdog_lost(q->dev);
	q->irqs_at_last_loss = npp_irqs_handled(q);
	taken += npp_restore_irq(q, action);
	q->lost_by_kind[loss] += taken;
	trace_nvmepp_lost_irq(q, loss, taken, action);
	npp_log_lost_irq(q, loss, taken, action);
	npp_escalate(q, action);
}

/*
 * The device is asked before the poll, which changes what it would say.
 * Context: process.
 */
enum npp_loss npp_diagnose_vector(struct npp_hwq *q)
{
	enum npp_loss loss = NPP_LOSS_SILENT;

	mutex_lock(&q->irq_lock);
	if (npp_irq_is_usable(q) && npp_queue_pending(&q->core))
		loss = npp_diagnose_vector_locked(q);
	mutex_unlock(&q->irq_lock);
	return loss;
}

static void npp_account(struct npp_hwq *q, enum npp_loss loss, unsigned int found,
			bool proved_dead)
{
	if (found && !npp_is_poll_queue(q) && READ_ONCE(q->dev->irq_cap) != NPP_IRQ_CAP_OFF)
		npp_handle_lost_irq(q, loss, found, proved_dead);
}

/*
 * The timeout handler's hook: its poll has taken @found completions, whose interrupts
 * were lost for the reason that @loss says.  Those of a poll queue were not lost.
 * Context: process, q->health_lock held since before the poll.
 */
void npp_account_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int found)
{
	npp_account(q, loss, found, false);
}

static unsigned int npp_poll_and_handle_loss(struct npp_hwq *q, enum npp_loss before,
					     bool proved_dead)
{
	const unsigned int noio = npp_lock_noio(&q->health_lock);
	enum npp_loss loss;
	unsigned int found;
	bool maybe_late;

	loss = npp_diagnose_vector(q);
	if (loss == NPP_LOSS_SILENT)
		loss = before;
	found = npp_poll_irqdisable(q);
	npp_account(q, loss, found, proved_dead);
	/* What completed during the poll has sent its interrupt when it is enabled again. */
	WRITE_ONCE(q->for_nothing_at_last_loss, npp_irqs_for_nothing(q));
	WRITE_ONCE(q->last_loss_ms, npp_os_now_ms());
	/* On a shared vector it may be a neighbour's; one that is polled has them all the time. */
	maybe_late = loss == NPP_LOSS_SILENT && !q->shares_vector && !q->health.fallback_poll;
	WRITE_ONCE(q->maybe_late, found && maybe_late);
	npp_unlock_noio(&q->health_lock, noio);
	return found;
}

/*
 * Poll the queue with its interrupt disabled, and act on what that means: nothing found
 * is nothing lost.  Returns what npp_poll_irqdisable() returns.
 * Context: process.
 */
unsigned int npp_recover_lost_irq(struct npp_hwq *q)
{
	return npp_poll_and_handle_loss(q, NPP_LOSS_SILENT, false);
}

/*
 * The same for the watchdog, which has diagnosed the vector before.  Restoring one
 * queue's vector restores all of the function's: by the time the next queue is polled
 * its own may be in order again, and the device would pass for silent.
 */
unsigned int npp_recover_stalled_cq(struct npp_hwq *q)
{
	return npp_poll_and_handle_loss(q, q->stall_loss, false);
}

/* The same in the test of the vector after a reset, which allows no doubt. */
unsigned int npp_recover_in_vector_test(struct npp_hwq *q)
{
	return npp_poll_and_handle_loss(q, NPP_LOSS_SILENT, true);
}
