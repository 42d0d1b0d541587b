// SPDX-License-Identifier: GPL-2.0
/* What a person gets to read: a line for each thing that happened, limited in rate. */

#include <linux/jiffies.h>

#include "base/log.h"
#include "base/request.h"

struct npp_event_text {
	const char *text;	/* printed with a and b */
	bool error;
};

static const struct npp_event_text npp_event_texts[NPP_EVENTS] = {
	[NPP_EVENT_CQE_BAD_TAG] = {
		"completion with command id 0x%llx skipped: there are only %llu tags", false },
	[NPP_EVENT_CQE_NOT_IN_FLIGHT] = {
		"completion with command id 0x%llx skipped: no such command is in flight", false },
	[NPP_EVENT_CQE_STALE] = {
		"completion with stale command id 0x%llx skipped: in flight is 0x%llx", false },
	[NPP_EVENT_PAGE_SIZE] = {
		"the controller's pages are %llu bytes or more, the host's %llu",
		true },
	[NPP_EVENT_NO_NVM_SET] = {
		"the controller has no NVM command set (CAP.CSS 0x%llx): not served", true },
	[NPP_EVENT_NOT_READY] = {
		"the controller did not become ready: CSTS 0x%llx after %llu ms", true },
	[NPP_EVENT_NOT_DISABLED] = {
		"the controller did not stop: CSTS 0x%llx after %llu ms", true },
	[NPP_EVENT_NOT_SHUT_DOWN] = {
		"the controller did not shut down: CSTS 0x%llx after %llu ms", true },
	[NPP_EVENT_FATAL] = {
		"the controller reports a fatal error: CSTS 0x%llx", true },
	[NPP_EVENT_GONE] = {
		"the device is gone: register 0x%llx reads as all-ones", true },
	[NPP_EVENT_ENTRY_SIZE] = {
		"entry sizes SQES 0x%llx and CQES 0x%llx exclude 64 and 16 bytes", true },
	[NPP_EVENT_DEPTH] = {
		"queues of %llu entries are too short: at least 2", true },
	[NPP_EVENT_NS_LIST_ORDER] = {
		"namespace list: %llu comes after %llu; the rest is ignored", false },
	[NPP_EVENT_NS_FORMAT] = {
		"namespace %llu not served: there is no format %llu", false },
	[NPP_EVENT_NS_BLOCK_SIZE] = {
		"namespace %llu not served: 2^%llu bytes a block, accepted is 2^9 or more",
		false },
	[NPP_EVENT_NS_METADATA] = {
		"namespace %llu not served: %llu metadata bytes a block, accepted is 0", false },
	[NPP_EVENT_NS_CAPACITY] = {
		"namespace %llu not served: %llu blocks do not fit 64 bits", false },
	[NPP_EVENT_NS_COMMAND_SET] = {
		"namespace %llu not served: command set %llu, accepted is 0 (NVM)", false },
};

static void npp_log_admin_failed(struct npp_dev *dev, u64 opcode, s64 got)
{
	if (got > 0)
		npp_warn_limited(dev, "admin command 0x%02llx failed: status 0x%llx\n", opcode,
				 got);
	else
		npp_warn_limited(dev, "admin command 0x%02llx got no answer (%lld)\n", opcode, got);
}

static void npp_log_granted(struct npp_dev *dev, u64 granted, u64 wanted)
{
	if (!granted)
		npp_err(dev, "the controller grants no I/O queue of %llu: no disk can be served\n",
			wanted);
	else
		npp_info(dev, "the controller grants %llu I/O queues of %llu\n", granted, wanted);
}

/* The port's: see include/nvmepp/os.h.  Context: any. */
void npp_os_event(struct npp_dev *dev, u16 qid, enum npp_event event, u64 a, u64 b)
{
	const struct npp_event_text *t;
	char line[128];

	if (event == NPP_EVENT_ADMIN_FAILED)
		return npp_log_admin_failed(dev, a, b);
	if (event == NPP_EVENT_QUEUES_GRANTED)
		return npp_log_granted(dev, a, b);
	if (WARN_ON_ONCE(event >= NPP_EVENTS || !npp_event_texts[event].text))
		return;
	t = &npp_event_texts[event];
	snprintf(line, sizeof(line), t->text, a, b);
	if (t->error)
		npp_err(dev, "%s\n", line);
	else if (qid)
		npp_warn_limited(dev, "I/O queue %u: %s\n", qid, line);
	else
		npp_warn_limited(dev, "%s\n", line);
}

static const char *npp_op_text(struct request *req)
{
	switch (req_op(req)) {
	case REQ_OP_READ:
		return "read";
	case REQ_OP_WRITE:
		return "write";
	case REQ_OP_FLUSH:
		return "flush";
	case REQ_OP_DISCARD:
		return "discard";
	case REQ_OP_WRITE_ZEROES:
		return "write zeroes";
	default:
		return "command";
	}
}

static const char *npp_found_text(const struct npp_hwq *q, enum npp_poll_result poll)
{
	switch (poll) {
	case NPP_POLL_COMPLETED:
		if (npp_is_poll_queue(q))
			return "the poll found it completed: nobody had polled for it";
		return "the poll found it completed: its interrupt was lost";
	case NPP_POLL_RACED:
		return "it completed meanwhile";
	case NPP_POLL_OTHERS:
		return "the poll found others completed, not this one";
	default:
		return "the poll found nothing";
	}
}

static const char *npp_timeout_action_text(enum npp_timeout_action step,
					   const struct npp_timeout_facts *facts)
{
	switch (step) {
	case NPP_TIMEOUT_EXTEND:
		return facts->state == NPP_RESETTING ? "; a reset is on" : "; waiting once more";
	case NPP_TIMEOUT_RESET:
		return facts->fatal ? "; fatal error (CSTS.CFS), resetting" : "; resetting";
	case NPP_TIMEOUT_FAIL_CTRL:
		return facts->present ? "; failing the controller" : "; the device is gone";
	default:
		return "";
	}
}

void npp_log_timeout(struct request *req, const struct npp_timeout_facts *facts,
		     enum npp_timeout_action step)
{
	const struct npp_hwq *q = req->mq_hctx->driver_data;

	if (facts->poll == NPP_POLL_RACED)
		return;
	npp_warn_limited(q->dev, "I/O queue %u: %s (tag %d) timed out after %u ms: %s%s\n", q->qid,
			 npp_op_text(req), req->tag, npp_age_ms(req),
			 npp_found_text(q, facts->poll), npp_timeout_action_text(step, facts));
}

void npp_log_admin_timeout(struct npp_dev *dev, u8 opcode, unsigned int limit_ms,
			   const struct npp_timeout_facts *facts, enum npp_timeout_action step)
{
	if (facts->poll == NPP_POLL_RACED)
		return;
	npp_warn_limited(dev, "admin queue: command 0x%02x timed out after %u ms: %s%s\n", opcode,
			 limit_ms, npp_found_text(&dev->queues[0], facts->poll),
			 npp_timeout_action_text(step, facts));
}

static const char *npp_action_text(enum npp_irq_action action)
{
	switch (action) {
	case NPP_IRQ_READ_FIRST:
		return "the handler reads a register first from now on";
	case NPP_IRQ_RESTORE:
		return "vector restored";
	case NPP_IRQ_RESET:
		return "resetting, once an hour at most";
	case NPP_IRQ_POLL:
		return "polling the queue";
	default:
		return "nothing else done";
	}
}

/* Context: process. */
void npp_log_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		      enum npp_irq_action action)
{
	npp_warn_limited(q->dev, "queue %u: lost interrupt (%s): %u completed by a poll; %s\n",
			 q->qid, npp_loss_name(loss), taken, npp_action_text(action));
}

/* The line to find when a queue has been slow since some day.  Context: process. */
void npp_log_mode(struct npp_hwq *q, bool polling)
{
	npp_warn(q->dev, "queue %u: now %s; lost so far %llu, restored %llu times\n", q->qid,
		 polling ? "fallback-poll, its interrupts cannot be relied on" :
			   "back to interrupts",
		 q->lost_irq_completions, q->vector_restores);
}

const char *npp_reset_reason_text(enum npp_reset_reason reason)
{
	switch (reason) {
	case NPP_RESET_IO_TIMEOUT:
		return "an I/O command has timed out and no completion was found";
	case NPP_RESET_ADMIN_TIMEOUT:
		return "an admin command has timed out and no completion was found";
	case NPP_RESET_DEVICE_GONE:
		return "the device is gone";
	case NPP_RESET_LOST_IRQS:
		return "interrupts get lost, and restoring the vector has not helped";
	case NPP_RESET_USER:
		return "asked for by the user";
	case NPP_RESET_SLEEP:
		return "the system goes to sleep";
	case NPP_RESET_FUNCTION:
		return "its PCI function is being reset";
	case NPP_RESET_PCI_ERROR:
		return "the kernel recovers from a PCI error";
	case NPP_RESET_PCI_LOST:
		return "recovery from a PCI error did not bring it back in time";
	case NPP_RESET_REASONS:
		break;
	}
	return "unknown reason";
}

const char *npp_reset_target_text(enum npp_reset_target target)
{
	switch (target) {
	case NPP_RESET_TARGET_LIVE:
		return "resetting";
	case NPP_RESET_TARGET_PAUSED:
		return "pausing";
	case NPP_RESET_TARGET_FAILED:
		return "failing the controller";
	}
	return "unknown";
}
