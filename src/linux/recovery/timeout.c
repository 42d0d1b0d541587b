// SPDX-License-Identifier: GPL-2.0
/*
 * What happens when a command's time is over.  The rule is
 * src/core/timeout_policy.hpp; here the facts are gathered and the steps taken.
 */

#include <linux/sched/mm.h>

#include "base/log.h"
#include "base/request.h"
#include "ctrl/state.h"
#include "recovery/recovery.h"

/*
 * While a reset, a pause or PCI error recovery owns the device its registers may
 * read as all-ones, which then says nothing.
 */
static enum npp_health npp_health_now(struct npp_dev *dev, const struct npp_timeout_facts *facts)
{
	if (facts->state == NPP_RESETTING || facts->state == NPP_PAUSED || !facts->channel_online)
		return NPP_HEALTHY;
	return npp_ctrl_health(&dev->ctrl);
}

/*
 * The next step.  Nothing is read from the device before somebody has looked at
 * the queue, nor when the poll found the command done.
 * Context: process.
 */
static enum npp_timeout_action npp_decide(struct npp_dev *dev, struct npp_timeout_facts *facts)
{
	if (facts->poll == NPP_POLL_OTHERS || facts->poll == NPP_POLL_EMPTY) {
		enum npp_health health;

		facts->state = npp_ctrl_state(&dev->ctrl);
		facts->channel_online = !pci_channel_offline(dev->pdev);
		health = npp_health_now(dev, facts);
		facts->present = health != NPP_HEALTH_GONE &&
				 !pci_dev_is_disconnected(dev->pdev);
		facts->fatal = health == NPP_HEALTH_FATAL;
	}
	return npp_decide_timeout(facts);
}

/* A request is done when blk-mq no longer calls it in flight (upstream 1c5842085851). */
static bool npp_has_ended(const struct npp_timed_out_cmd *o)
{
	if (o->wait)
		return completion_done(&o->wait->done);
	return blk_mq_rq_state(o->req) != MQ_RQ_IN_FLIGHT ||
	       READ_ONCE(o->req->deadline) != o->deadline;
}

static bool npp_found_by_poll(const struct npp_timed_out_cmd *o)
{
	const struct npp_iod *iod;

	if (o->wait)
		return o->wait->found_by_poll;
	iod = blk_mq_rq_to_pdu(o->req);
	return iod->attempt.found_by_poll;
}

static enum npp_poll_result npp_poll_for_cmd(const struct npp_timed_out_cmd *o)
{
	const unsigned int taken = npp_recover_lost_irq(o->q);

	if (npp_has_ended(o))
		return npp_found_by_poll(o) ? NPP_POLL_COMPLETED : NPP_POLL_RACED;
	return taken ? NPP_POLL_OTHERS : NPP_POLL_EMPTY;
}

#define NPP_GRACE_PERIOD_MAX_MS 1000u

/*
 * A device that has served others may have had no room for this command's completion
 * before the poll has made some, so that a tenth of the timeout is ample.  The
 * interrupt, if it comes, ends the moment.
 */
static void npp_wait_grace_period(const struct npp_timed_out_cmd *o)
{
	const u64 end_ms = npp_os_now_ms() + min(o->timeout_ms / 10, NPP_GRACE_PERIOD_MAX_MS);

	while (!npp_has_ended(o) && npp_os_now_ms() < end_ms)
		npp_os_sleep_ms(10);
}

/* Looks, waits a moment if need be, and decides what to do.  Context: process. */
enum npp_timeout_action npp_handle_timeout(const struct npp_timed_out_cmd *o,
					   struct npp_timeout_facts *facts)
{
	enum npp_timeout_action step;

	for (;;) {
		step = npp_decide(o->q->dev, facts);
		if (step != NPP_TIMEOUT_POLL && step != NPP_TIMEOUT_WAIT)
			return step;
		if (step == NPP_TIMEOUT_WAIT) {
			npp_wait_grace_period(o);
			facts->extensions = NPP_EXTENSIONS_SOME;
		}
		facts->poll = npp_poll_for_cmd(o);
	}
}

/*
 * blk-mq's timeout handler.  Runs in the timeout work of the request's disk, at
 * the same time for every disk that shares the queue.
 *
 * BLK_EH_DONE hands the request to whoever completes it: it has been completed,
 * or the work that was scheduled here will cancel it.
 */
enum blk_eh_timer_return npp_timeout(struct request *req)
{
	struct npp_hwq *q = req->mq_hctx->driver_data;
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const struct npp_timed_out_cmd timed_out = {
		.q = q,
		.req = req,
		.deadline = READ_ONCE(req->deadline),
		.timeout_ms = jiffies_to_msecs(req->timeout),
	};
	struct npp_timeout_facts facts = {
		.extensions = min_t(unsigned int, iod->attempt.extended, NPP_EXTENSIONS_EXHAUSTED),
	};
	/* As in the watchdog's work. */
	const unsigned int noio = memalloc_noio_save();
	const enum npp_timeout_action step = npp_handle_timeout(&timed_out, &facts);

	memalloc_noio_restore(noio);
	npp_log_timeout(req, &facts, step);

	switch (step) {
	case NPP_TIMEOUT_RESET:
		if (npp_reset_schedule(q->dev, NPP_RESET_IO_TIMEOUT))
			return BLK_EH_DONE;
		break;	/* somebody was faster: that one owns the request */
	case NPP_TIMEOUT_FAIL_CTRL:
		npp_fail_ctrl(q->dev, facts.present ? NPP_RESET_IO_TIMEOUT : NPP_RESET_DEVICE_GONE);
		return BLK_EH_DONE;
	case NPP_TIMEOUT_EXTEND:
		break;
	default:
		return BLK_EH_DONE;
	}
	if (iod->attempt.extended < NPP_EXTENSIONS_EXHAUSTED)
		iod->attempt.extended++;
	return BLK_EH_RESET_TIMER;
}
