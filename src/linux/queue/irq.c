// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts, and the poll: the quiet check of a completion queue whose
 * interrupt may have been lost.
 *
 * The handler reaps without a lock.  Everyone else disables the interrupt, which
 * waits until the handler has left, and then takes the poll lock, since
 * disabling keeps out the handler but not a second timeout handler (upstream
 * 3d8932133dce).
 */

#include <linux/cpu.h>
#include <linux/irq.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>

#include "block/dma.h"
#include "queue/queue.h"

/*
 * A poll, or the timer, may have taken what this interrupt announces: then it is
 * not spurious, and must not be called so, or the kernel disables the line for
 * good after 99,900 of them.  Nor is it where earlier runs took more completions
 * than there were interrupts and the device sends a message for each.  Completions and
 * messages arrive in the device's order, and messages that arrive while the handler runs
 * are one interrupt: it and the last completion's are all that can still be due.  An
 * interrupt that comes before its completion must not pass for one of them for longer.
 */
#define NPP_MAX_IRQS_DUE 2u

static irqreturn_t npp_found_nothing(struct npp_hwq *q)
{
	if (q->reaped_by_poll) {
		q->reaped_by_poll = false;
		q->interrupts++;
		q->late++;
		return IRQ_HANDLED;
	}
	if (q->announced && !q->shares_vector) {
		q->announced = min(q->announced, NPP_MAX_IRQS_DUE) - 1;
		q->interrupts++;
		return IRQ_HANDLED;
	}
	if (!q->shares_vector) {
		q->interrupts++;
		q->spurious++;
		/* Early for something, if there was something to come. */
		if (!npp_queue_idle(&q->core))
			q->early_irq_seq = npp_queue_taken(&q->core) + 1;
	}
	return IRQ_NONE;
}

static __always_inline irqreturn_t npp_handle(struct npp_hwq *q)
{
	const unsigned int taken = npp_queue_reap(&q->core, &q->reap);

	if (unlikely(!taken))
		return npp_found_nothing(q);
	q->announced += taken - 1;
	q->interrupts++;
	q->reaped_by_poll = false;
	npp_end_batch(q);
	return IRQ_HANDLED;
}

static noinline irqreturn_t npp_handle_slow_path(struct npp_hwq *q)
{
	irqreturn_t ret;

	/*
	 * The answer to a read pushes what the device has written before it: the
	 * cure for bridges whose interrupts overtake completions (VMD).
	 */
	if (READ_ONCE(q->read_first) && !READ_ONCE(q->offline))
		npp_ctrl_health(&q->dev->ctrl);
	/* Whichever of the flags it was, and whether or not it is still set. */
	spin_lock(&q->poll_lock);
	ret = q->offline ? IRQ_NONE : npp_handle(q);
	spin_unlock(&q->poll_lock);
	return ret;
}

/*
 * A handler that finds no flag set takes no lock, and must see the ring and the slots as
 * the last reaper left them.
 *
 * Context: hard interrupt; the kernel runs no handler on two CPUs at once.
 */
static irqreturn_t npp_irq(int irq, void *data)
{
	struct npp_hwq *q = data;

	/* pairs with the release in npp_poll_irqdisable() and npp_set_fallback_poll() */
	if (unlikely(smp_load_acquire(&q->slow_path)))
		return npp_handle_slow_path(q);
	return npp_handle(q);
}

/*
 * Is the interrupt set up to come?  One that is spread over CPUs which are all offline
 * is shut down by the kernel, until the first of them is back.  Where CPU hotplug is not
 * kept out the answer may be old at once.
 * Context: process, the interrupt requested.
 */
bool npp_irq_started(const struct npp_hwq *q)
{
	return irqd_is_started(irq_get_irq_data(q->irq));
}

/*
 * Reaping by anybody but a handler that is alone: what was taken is not for its
 * interrupt to find.  Context: any; the handler kept out, or made to take the lock.
 */
unsigned int npp_reap_outside(struct npp_hwq *q, bool irqdisable)
{
	unsigned int taken;
	unsigned long flags;

	spin_lock_irqsave(&q->poll_lock, flags);
	q->reap.one_by_one = true;
	q->reap.irqdisable = irqdisable;
	taken = npp_queue_reap(&q->core, &q->reap);
	q->reap.one_by_one = q->shared_tags;
	q->reap.irqdisable = false;
	npp_taken_outside(q, taken);
	spin_unlock_irqrestore(&q->poll_lock, flags);
	return taken;
}

/*
 * Disables the interrupt and waits for its handler; false: only the latter.  A CPU that goes
 * offline or comes back shuts the interrupt down or starts it, and before 6.16 forgets that
 * somebody has disabled it: enabling it then starts an interrupt without a CPU, or is
 * unbalanced (both WARN).  So hotplug is kept out until npp_enable_irq().  It is not waited
 * for: a CPU on its way down waits for the very requests that are to be found here.
 */
static bool npp_try_disable_irq(const struct npp_hwq *q)
{
	const bool cpus_stay = cpus_read_trylock();

	if (cpus_stay && npp_irq_started(q)) {
		disable_irq(q->irq);
		return true;
	}
	if (cpus_stay)
		cpus_read_unlock();
	synchronize_irq(q->irq);
	return false;
}

static void npp_enable_irq(const struct npp_hwq *q)
{
	enable_irq(q->irq);
	cpus_read_unlock();
}

/*
 * Poll the queue with its interrupt disabled, if it has one, and complete what is
 * there.  Returns the number of completion entries taken; 0 too when a reset owns the
 * queue.
 *
 * The order is the point: the number of the interrupt is the one that was
 * requested, never asked for again (pci_irq_vector() may answer differently once
 * a reset has freed the vectors: upstream fc71f409b22c); disable_irq() sleeps, so
 * it comes before the poll lock; enable_irq() comes last.
 *
 * A disabled interrupt does not keep out every handler: the kernel runs that of one
 * which it has disabled itself ("nobody cared") every 100 ms.  Hence q->irqdisable_poll,
 * with which a handler takes the poll lock; one that has not seen it is waited for.
 * That is enough where the interrupt cannot be disabled: all its CPUs are offline, or one
 * is on its way down or up.
 */
unsigned int npp_poll_irqdisable(struct npp_hwq *q)
{
	unsigned int taken = 0;
	bool disabled;

	mutex_lock(&q->irq_lock);
	q->irqdisable_polls++;
	if (q->offline) {
		/* No reaping while a reset owns the queue. */
	} else if (npp_has_irq(q)) {
		WRITE_ONCE(q->irqdisable_poll, true);
		disabled = npp_try_disable_irq(q);
		taken = npp_reap_outside(q, true);
		if (disabled)
			npp_enable_irq(q);
		/* Pairs with the handler's acquire. */
		smp_store_release(&q->irqdisable_poll, false);
	} else {
		taken = npp_reap_outside(q, true);
	}
	mutex_unlock(&q->irq_lock);
	return taken;
}

/*
 * Let the timer reap, or the handler alone.  The interrupt stays enabled while
 * polling, so that its return is noticed.  A handler that has not seen the change is
 * waited for: from here on all of them take the poll lock, or none.  The timer is not
 * there yet, or no longer.
 *
 * Refused where that is a queue that a reset owns: it clears its rings.
 */
bool npp_set_fallback_poll(struct npp_hwq *q, bool polling)
{
	bool possible;

	mutex_lock(&q->irq_lock);
	possible = !polling || npp_irq_is_usable(q);
	if (possible && q->fallback_poll != polling) {
		/* What the timer has reaped, then its end: pairs with the handler's acquire. */
		smp_store_release(&q->fallback_poll, polling);
		if (npp_has_irq(q))
			synchronize_irq(q->irq);
	}
	mutex_unlock(&q->irq_lock);
	return possible;
}

/*
 * Waits for those that have completed a command and have not rung the completion queue's
 * doorbell yet: the one that waited for the command may be faster, and disable the
 * controller before.  QEMU counts entries whose doorbell is never rung for ever, and holds
 * INTx asserted, which cannot be cleared then: the kernel would disable the line.
 * Context: process.
 */
void npp_sync_cq(struct npp_hwq *q)
{
	mutex_lock(&q->irq_lock);
	if (npp_has_irq(q))
		synchronize_irq(q->irq);
	/* Polls, and handlers in the slow path, reap and ring under this. */
	spin_lock_irq(&q->poll_lock);
	spin_unlock_irq(&q->poll_lock);
	mutex_unlock(&q->irq_lock);
}

/*
 * request_irq() takes a lock of the kernel's that is held while memory is allocated
 * (register_irq_proc()), so it is called without irq_lock, which a reset takes.  Context:
 * probe and wake-up; the queue is offline and has no interrupt.
 */
int npp_irq_request(struct npp_hwq *q, u16 vector)
{
	struct npp_dev *dev = q->dev;
	int irq = pci_irq_vector(dev->pdev, vector);
	unsigned int noio;
	int err;

	if (irq < 0)
		return irq;
	snprintf(q->irq_name, sizeof(q->irq_name), "%sq%u", dev->name, q->qid);
	q->vector = vector;
	q->shares_vector = dev->vectors == 1;

	noio = memalloc_noio_save();
	err = request_irq(irq, npp_irq, IRQF_SHARED, q->irq_name, q);
	memalloc_noio_restore(noio);
	if (err)
		return err;
	mutex_lock(&q->irq_lock);
	q->irq = irq;
	mutex_unlock(&q->irq_lock);
	return 0;
}

/* Idempotent.  Context: probe, remove, sleep; the queue is offline. */
void npp_irq_release(struct npp_hwq *q)
{
	unsigned int irq;

	mutex_lock(&q->irq_lock);
	irq = q->irq;
	q->irq = 0;
	mutex_unlock(&q->irq_lock);
	if (irq)
		free_irq(irq, q);
}

/*
 * The kernel has disabled the interrupt: after 99,900 of 100,000 that nothing handled, or
 * for lack of an online CPU.  Requesting it again is all that heals it, so bring-up has to.
 * Context: the reset worker, the queue offline, so that no poll has disabled it.
 */
void npp_irq_release_disabled(struct npp_hwq *q)
{
	struct irq_data *data = npp_has_irq(q) ? irq_get_irq_data(q->irq) : NULL;

	if (data && irqd_irq_disabled(data))
		npp_irq_release(q);
}

/*
 * A reset takes the queue: until npp_queue_online() only the caller reaps it.  The
 * interrupt stays requested, so that a reset has nothing to allocate, and a neighbour on
 * a shared line still runs the handler, which finds this.  Idempotent.
 * Context: process.
 */
void npp_queue_offline(struct npp_hwq *q)
{
	mutex_lock(&q->irq_lock);
	spin_lock_irq(&q->poll_lock);
	WRITE_ONCE(q->offline, true);
	spin_unlock_irq(&q->poll_lock);
	/* A handler that has not seen it reaps without the lock. */
	if (npp_has_irq(q))
		synchronize_irq(q->irq);
	mutex_unlock(&q->irq_lock);
}

/* The controller is about to serve the queue, whose rings are empty.  Context: process. */
void npp_queue_online(struct npp_hwq *q)
{
	mutex_lock(&q->irq_lock);
	spin_lock_irq(&q->poll_lock);
	q->reaped_by_poll = false;
	q->announced = 0;
	q->early_irq_seq = 0;
	/* The rings, then that they are there: pairs with the handler's acquire. */
	smp_store_release(&q->offline, false);
	spin_unlock_irq(&q->poll_lock);
	mutex_unlock(&q->irq_lock);
}
