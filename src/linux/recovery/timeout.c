// SPDX-License-Identifier: GPL-2.0
/*
 * What happens when a command times out.  This file, src/core/timeout_policy.hpp and
 * npp_poll_irqdisable() (irq.c) are the whole of "nvme/pci: Poll CQ on timeout"
 * (upstream 7776db1ccc12, LP#1807393): before anything is reset, the completion queue
 * is polled with its interrupt disabled.  What lost interrupts lead to besides is
 * behind two calls, npp_diagnose_vector() and npp_account_lost_irq().
 */

#include "base/log.h"
#include "base/noio.h"
#include "base/request.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"

/* A request is done when blk-mq no longer calls it in flight (upstream 1c5842085851). */
static bool npp_has_ended(const struct npp_timed_out_cmd *cmd)
{
	if (cmd->wait)
		return completion_done(&cmd->wait->done);
	return blk_mq_rq_state(cmd->req) != MQ_RQ_IN_FLIGHT ||
	       READ_ONCE(cmd->req->deadline) != cmd->deadline;
}

static bool npp_was_polled(const struct npp_timed_out_cmd *cmd)
{
	const struct npp_iod *iod;

	if (cmd->wait)
		return cmd->wait->found_by_poll;
	iod = blk_mq_rq_to_pdu(cmd->req);
	return iod->attempt.found_by_poll;
}

static bool npp_is_done(enum npp_poll_result result)
{
	return result == NPP_POLL_COMPLETED || result == NPP_POLL_RACED;
}

/*
 * Poll the command's queue (upstream's nvme_poll_irqdisable()).  The vector's registers
 * are read first: the poll changes what they say.  health_lock makes one incident of
 * timeouts that come together, as those of two namespaces do.
 */
static struct npp_timeout_poll npp_poll_for(const struct npp_timed_out_cmd *cmd)
{
	struct npp_hwq *q = cmd->q;
	struct npp_timeout_poll poll;
	const unsigned int noio = npp_lock_noio(&q->health_lock);
	unsigned int found;

	poll.rung_again = false;
	poll.loss = npp_diagnose_vector(q);
	found = npp_poll_irqdisable(q);
	npp_account_lost_irq(q, poll.loss, found);
	npp_unlock_noio(&q->health_lock, noio);

	if (npp_has_ended(cmd))
		poll.result = npp_was_polled(cmd) ? NPP_POLL_COMPLETED : NPP_POLL_RACED;
	else
		poll.result = found ? NPP_POLL_OTHERS : NPP_POLL_EMPTY;
	return poll;
}

/*
 * What the rule depends on besides the poll.  Registers and the vendor id are read only
 * while the controller is in use: in a reset, a pause or PCI error recovery they may
 * read as all-ones, which says nothing.
 */
static void npp_gather_facts(struct npp_dev *dev, struct npp_timeout_facts *facts)
{
	bool readable;

	facts->state = npp_ctrl_state(&dev->ctrl);
	facts->channel_online = !pci_channel_offline(dev->pdev);
	readable = facts->channel_online &&
		   (facts->state == NPP_LIVE || facts->state == NPP_DELETING);
	facts->gone = readable ? npp_device_gone(dev) : pci_dev_is_disconnected(dev->pdev);
	facts->fatal = readable && !facts->gone && npp_ctrl_health(&dev->ctrl) != NPP_HEALTHY;
}

#define NPP_GRACE_MAX_MS 1000u

/*
 * A device that has served others may have had no room for this command's completion
 * before the poll made some, so that a tenth of the timeout is ample.  The interrupt,
 * if it comes, ends the wait.
 */
static void npp_wait_grace_period(const struct npp_timed_out_cmd *cmd)
{
	const u64 end_ms = npp_os_now_ms() + min(cmd->timeout_ms / 10, NPP_GRACE_MAX_MS);

	while (!npp_has_ended(cmd) && npp_os_now_ms() < end_ms)
		npp_os_sleep_ms(10);
}

/*
 * A device that has missed a shadow doorbell has not fetched the command: it is told by the
 * register, and may complete it before the next poll decides.
 */
static struct npp_timeout_poll npp_poll_and_ring_for(const struct npp_timed_out_cmd *cmd)
{
	struct npp_timeout_poll poll = npp_poll_for(cmd);

	if (npp_is_done(poll.result) || !npp_ring_again(cmd->q))
		return poll;
	npp_wait_grace_period(cmd);
	poll = npp_poll_for(cmd);
	poll.rung_again = true;
	if (npp_is_done(poll.result))
		atomic_long_inc(&cmd->q->lost_doorbells);
	return poll;
}

/*
 * The rule, for requests and admin commands alike: poll, then decide.  @poll and @facts
 * receive what the decision was based on.
 * Context: process; may sleep.
 */
enum npp_timeout_action npp_handle_timeout(const struct npp_timed_out_cmd *cmd,
					   struct npp_timeout_facts *facts,
					   struct npp_timeout_poll *poll)
{
	enum npp_timeout_action action;

	do {
		*poll = npp_poll_and_ring_for(cmd);
		if (npp_is_done(poll->result))
			return NPP_TIMEOUT_DONE;
		npp_gather_facts(cmd->q->dev, facts);
		action = npp_decide_timeout(facts, poll->result);
		if (action == NPP_TIMEOUT_GRACE) {
			npp_wait_grace_period(cmd);
			facts->extensions = NPP_EXTENDED_ONCE;
		}
	} while (action == NPP_TIMEOUT_GRACE);
	return action;
}

static struct npp_timed_out_cmd npp_timed_out_request(struct request *req)
{
	return (struct npp_timed_out_cmd){
		.q = npp_queue_of(req),
		.req = req,
		.tag = req->tag,
		.deadline = READ_ONCE(req->deadline),
		.timeout_ms = jiffies_to_msecs(req->timeout),
	};
}

/*
 * blk-mq's timeout handler, upstream's nvme_timeout().  Runs in the timeout work of the
 * request's disk, at the same time for every disk that shares the queue.
 *
 * BLK_EH_DONE hands the request to the completion path: it has been completed, or the
 * work that was queued here cancels it.
 */
enum blk_eh_timer_return npp_timeout(struct request *req)
{
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const struct npp_timed_out_cmd cmd = npp_timed_out_request(req);
	struct npp_timeout_facts facts = { .extensions = iod->attempt.extended };
	struct npp_timeout_poll poll;
	const enum npp_timeout_action action = npp_handle_timeout(&cmd, &facts, &poll);

	npp_log_timeout(&cmd, &poll, &facts, action);

	switch (action) {
	case NPP_TIMEOUT_DONE:
		return BLK_EH_DONE;
	case NPP_TIMEOUT_RESET:
		if (npp_request_reset(cmd.q->dev, NPP_RESET_IO_TIMEOUT))
			return BLK_EH_DONE;
		break;	/* another timeout's reset cancels this request, too */
	case NPP_TIMEOUT_FAIL_CTRL:
		npp_fail_ctrl(cmd.q->dev, facts.gone ? NPP_RESET_DEVICE_GONE : NPP_RESET_REMOVAL);
		return BLK_EH_DONE;
	default:
		break;
	}
	if (iod->attempt.extended < NPP_EXTENSIONS_EXHAUSTED)
		iod->attempt.extended++;
	return BLK_EH_RESET_TIMER;
}
