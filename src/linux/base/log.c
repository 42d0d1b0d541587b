// SPDX-License-Identifier: GPL-2.0
/* What a person gets to read: a line for each thing that happened, limited in rate. */

#include <linux/jiffies.h>

#include "base/log.h"
#include "base/request.h"

struct npp_event_text {
	const char *text;	/* printed with a, b, and the binary logarithm of a page */
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
	[NPP_EVENT_NO_SET] = {
		"CAP.CSS says no command set: taken for the NVM command set", false },
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
		"register 0x%llx reads as all-ones", true },
	[NPP_EVENT_ADMIN_FAILED] = {
		"admin command 0x%02llx failed: status 0x%llx", false },
	[NPP_EVENT_CAP_CHANGED] = {
		"CAP has changed: pages of %llu bytes, doorbells %llu bytes apart", false },
	[NPP_EVENT_QUEUES_GRANTED] = {
		"the controller grants %llu I/O queues of %llu", false },
	[NPP_EVENT_ENTRY_SIZE] = {
		"entry sizes SQES 0x%llx and CQES 0x%llx exclude 64 and 16 bytes", true },
	[NPP_EVENT_DEPTH] = {
		"queues of %llu entries are too short: at least 2", true },
	[NPP_EVENT_NS_LIST_ORDER] = {
		"namespace list: %llu comes after %llu; the rest is ignored", false },
	[NPP_EVENT_NS_FORMAT] = {
		"namespace %llu not served: there is no format %llu", false },
	[NPP_EVENT_NS_BLOCK_SIZE] = {
		"namespace %llu not served: 2^%llu bytes a block, accepted are 2^9 to 2^%u",
		false },
	[NPP_EVENT_NS_METADATA] = {
		"namespace %llu not served: %llu metadata bytes a block, accepted is 0", false },
	[NPP_EVENT_NS_CAPACITY] = {
		"namespace %llu not served: %llu blocks do not fit 64 bits", false },
	[NPP_EVENT_NS_EMPTY] = {
		"namespace %llu not served: its size is %llu blocks", false },
	[NPP_EVENT_NS_COMMAND_SET] = {
		"namespace %llu not served: command set %llu, accepted is 0 (NVM)", false },
};

/*
 * What an attempt's registers and admin commands say goes into its one line, of which
 * there is one every half minute perhaps for days.
 */
static bool npp_keep_for_attempt(struct npp_dev *dev, const char *line)
{
	if (READ_ONCE(dev->bring_up_task) != current || npp_ctrl_state(&dev->ctrl) == NPP_NEW)
		return false;
	strscpy(dev->attempt_text, line, sizeof(dev->attempt_text));
	return true;
}

/* The port's: see include/nvmepp/os.h.  Context: any. */
void npp_os_event(struct npp_dev *dev, u16 qid, enum npp_event event, u64 a, u64 b)
{
	const struct npp_event_text *t;
	char line[128];

	if (WARN_ON_ONCE(event >= NPP_EVENTS || !npp_event_texts[event].text))
		return;
	t = &npp_event_texts[event];
	if (event == NPP_EVENT_ADMIN_FAILED && (s64)b < 0)
		snprintf(line, sizeof(line), "admin command 0x%02llx got no answer (%lld)", a,
			 (s64)b);
	else
		snprintf(line, sizeof(line), t->text, a, b, npp_ctrl_page_shift(&dev->ctrl));
	if (npp_keep_for_attempt(dev, line))
		return;
	if (t->error)
		npp_err(dev, "%s\n", line);
	else if (qid)
		npp_warn_limited(dev, "I/O queue %u: %s\n", qid, line);
	else
		npp_warn_limited(dev, "%s\n", line);
}

static const char *npp_timeout_text(const struct npp_timeout_facts *facts,
				    enum npp_timeout_action action)
{
	switch (action) {
	case NPP_TIMEOUT_RESET:
		return facts->fatal ? "reset controller (fatal status)" : "reset controller";
	case NPP_TIMEOUT_FAIL_CTRL:
		return facts->gone ? "device is gone, fail controller" :
				     "removal, fail controller";
	case NPP_TIMEOUT_ABANDON:
		return "bring-up fails";
	default:
		return facts->channel_online ? "a reset is running, timer restarted" :
					       "PCI channel offline, timer restarted";
	}
}

/* Upstream's phrases, so that one pattern finds the lines of both drivers. */
void npp_log_timeout(const struct npp_timed_out_cmd *cmd, const struct npp_timeout_poll *poll,
		     const struct npp_timeout_facts *facts, enum npp_timeout_action action)
{
	const struct npp_hwq *q = cmd->q;
	const u16 id = npp_queue_command_id(&q->core, cmd->tag);

	if (poll->result == NPP_POLL_RACED)
		return;
	if (action != NPP_TIMEOUT_DONE)
		npp_warn_limited(q->dev, "I/O tag %u (%04x) QID %u timeout, %s\n", cmd->tag, id,
				 q->qid, npp_timeout_text(facts, action));
	else if (npp_is_poll_queue(q))
		npp_warn_limited(q->dev,
				 "I/O tag %u (%04x) QID %u timeout, completion polled (its sender did not poll)\n",
				 cmd->tag, id, q->qid);
	else
		npp_warn_limited(q->dev,
				 "I/O tag %u (%04x) QID %u timeout, completion polled (lost interrupt: %s)\n",
				 cmd->tag, id, q->qid, npp_loss_name(poll->loss));
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
		return "an I/O command timed out and the poll found no completion";
	case NPP_RESET_ADMIN_TIMEOUT:
		return "an admin command timed out and the poll found no completion";
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
	case NPP_RESET_CTRL_LOSS:
		return "ctrl_loss_tmo is over";
	case NPP_RESET_REMOVAL:
		return "it is being removed";
	case NPP_RESET_REASONS:
		break;
	}
	return "unknown reason";
}
