// SPDX-License-Identifier: GPL-2.0
/*
 * What happens when a command's time is over.  The rule is
 * src/core/timeout_policy.hpp; here the facts are gathered and the steps taken.
 */

#include "nvmepp.h"

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
 * the queue, nor when the look found the command done.
 * Context: process.
 */
enum npp_step npp_timeout_decide(struct npp_dev *dev, struct npp_timeout_facts *facts)
{
	if (facts->look == NPP_LOOK_OTHERS || facts->look == NPP_LOOK_NOTHING) {
		enum npp_health health;

		facts->state = npp_ctrl_state(&dev->ctrl);
		facts->channel_online = !pci_channel_offline(dev->pdev);
		health = npp_health_now(dev, facts);
		facts->present = health != NPP_HEALTH_GONE &&
				 !pci_dev_is_disconnected(dev->pdev);
		facts->fatal = health == NPP_HEALTH_FATAL;
	}
	return npp_timeout_step(facts);
}

/* A request is done when blk-mq no longer calls it in flight (upstream 1c5842085851). */
static enum npp_look npp_look_for(struct npp_hwq *q, struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const unsigned int taken = npp_catch(q);

	if (blk_mq_rq_state(req) != MQ_RQ_IN_FLIGHT)
		return iod->so_far.found_by_look ? NPP_LOOK_COMPLETED : NPP_LOOK_ELSEWHERE;
	return taken ? NPP_LOOK_OTHERS : NPP_LOOK_NOTHING;
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
	struct npp_timeout_facts facts = {
		.patience = min_t(unsigned int, iod->so_far.extended, NPP_PATIENCE_EXHAUSTED),
	};
	enum npp_step step;

	while ((step = npp_timeout_decide(q->dev, &facts)) == NPP_STEP_LOOK)
		facts.look = npp_look_for(q, req);
	npp_log_overdue(req, &facts, step);

	switch (step) {
	case NPP_STEP_RESET:
		if (npp_reset_schedule(q->dev, NPP_RESET_IO_TIMEOUT))
			return BLK_EH_DONE;
		break;	/* somebody was faster: that one owns the request */
	case NPP_STEP_DISABLE:
		npp_give_up(q->dev, facts.present ? NPP_RESET_IO_TIMEOUT : NPP_RESET_DEVICE_GONE);
		return BLK_EH_DONE;
	case NPP_STEP_EXTEND:
		break;
	default:
		return BLK_EH_DONE;
	}
	if (iod->so_far.extended < NPP_PATIENCE_EXHAUSTED)
		iod->so_far.extended++;
	return BLK_EH_RESET_TIMER;
}
