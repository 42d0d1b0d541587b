// SPDX-License-Identifier: GPL-2.0
/* The log: one line for each event, limited in rate, with upstream's phrases where it has them. */

#include <linux/jiffies.h>

#include "base/log.h"
#include "base/request.h"

struct npp_event_text {
	const char *text;	/* printed with a, b, and the binary logarithm of a page */
	bool error;
};

static const struct npp_event_text npp_event_texts[NPP_EVENTS] = {
	[NPP_EVENT_CQE_BAD_TAG] = {
		"invalid id 0x%llx completed, skipped: %llu tags", false },
	[NPP_EVENT_CQE_NOT_IN_FLIGHT] = {
		"id 0x%llx completed, skipped: no such command in flight", false },
	[NPP_EVENT_CQE_STALE] = {
		"id genctr mismatch, skipped: got 0x%llx expected 0x%llx", false },
	[NPP_EVENT_PAGE_SIZE] = {
		"Minimum device page size %llu too large for host (%llu)", true },
	[NPP_EVENT_NO_SET] = {
		"CAP.CSS is 0, no command set: the NVM command set is assumed", false },
	[NPP_EVENT_NO_NVM_SET] = {
		"no NVM command set (CAP.CSS 0x%llx): not served", true },
	[NPP_EVENT_NOT_READY] = {
		"Device not ready; aborting initialisation, CSTS=0x%llx (%llu ms)", true },
	[NPP_EVENT_NOT_DISABLED] = {
		"Device not ready; aborting reset, CSTS=0x%llx (%llu ms)", true },
	[NPP_EVENT_NOT_SHUT_DOWN] = {
		"Device shutdown incomplete; abort shutdown, CSTS=0x%llx (%llu ms)", true },
	[NPP_EVENT_FATAL] = {
		"controller is down; CSTS=0x%llx (CFS)", true },
	[NPP_EVENT_GONE] = {
		"register 0x%llx reads as all-ones", true },
	[NPP_EVENT_ADMIN_FAILED] = {
		"admin command 0x%02llx failed: status 0x%llx", false },
	[NPP_EVENT_CAP_CHANGED] = {
		"CAP has changed: pages of %llu bytes, doorbells %llu bytes apart", false },
	[NPP_EVENT_QUEUES_GRANTED] = {
		"%llu of %llu I/O queues granted", false },
	[NPP_EVENT_ENTRY_SIZE] = {
		"SQES 0x%llx and CQES 0x%llx do not allow entries of 64 and 16 bytes", true },
	[NPP_EVENT_DEPTH] = {
		"queues of %llu entries are too short, at least 2 are needed", true },
	[NPP_EVENT_NS_LIST_ORDER] = {
		"namespace list not ascending: %llu after %llu, the rest is ignored", false },
	[NPP_EVENT_NS_FORMAT] = {
		"namespace %llu not served: no LBA format %llu", false },
	[NPP_EVENT_NS_BLOCK_SIZE] = {
		"namespace %llu not served: blocks of 2^%llu bytes, accepted: 2^9 to 2^%u",
		false },
	[NPP_EVENT_NS_METADATA] = {
		"namespace %llu not served: %llu bytes of metadata per block, accepted: 0", false },
	[NPP_EVENT_NS_CAPACITY] = {
		"namespace %llu not served: the bytes of %llu blocks exceed 64 bits", false },
	[NPP_EVENT_NS_EMPTY] = {
		"namespace %llu not served: its size is %llu blocks", false },
	[NPP_EVENT_NS_COMMAND_SET] = {
		"namespace %llu not served: command set %llu, accepted: 0 (NVM)", false },
};

/*
 * An attempt is logged in one line, since attempts may go on every 30 s for days: keep
 * the event for that line.
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
		snprintf(line, sizeof(line), "admin command 0x%02llx not completed (%lld)", a,
			 (s64)b);
	else
		snprintf(line, sizeof(line), t->text, a, b, npp_ctrl_page_shift(&dev->ctrl));
	if (npp_keep_for_attempt(dev, line))
		return;
	if (t->error)
		npp_err(dev, "%s\n", line);
	else if (qid)
		npp_warn_limited(dev, "QID %u: %s\n", qid, line);
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
		return facts->gone ? "device gone, fail controller" :
				     "removal, fail controller";
	case NPP_TIMEOUT_ABANDON:
		return "fail this attempt";
	default:
		return facts->channel_online ? "reset in progress, timer restarted" :
					       "PCI channel offline, timer restarted";
	}
}

/* Upstream's phrases, so that one pattern finds the lines of both drivers. */
void npp_log_timeout(const struct npp_timed_out_cmd *cmd, const struct npp_timeout_poll *poll,
		     const struct npp_timeout_facts *facts, enum npp_timeout_action action)
{
	const struct npp_hwq *q = cmd->q;
	const u16 id = npp_queue_command_id(&q->core, cmd->tag);

	if (action == NPP_TIMEOUT_DONE && poll->rung_again) {
		npp_warn_limited(q->dev,
				 "I/O tag %u (%04x) QID %u timeout, completed when rung again (lost doorbell)\n",
				 cmd->tag, id, q->qid);
		return;
	}
	if (poll->result == NPP_POLL_RACED)
		return;
	if (action == NPP_TIMEOUT_RESET)
		/* Why a reset follows is always said: only a live controller is reset for it. */
		npp_warn(q->dev, "I/O tag %u (%04x) QID %u timeout, %s\n", cmd->tag, id,
			 q->qid, npp_timeout_text(facts, action));
	else if (action != NPP_TIMEOUT_DONE)
		npp_warn_limited(q->dev, "I/O tag %u (%04x) QID %u timeout, %s\n", cmd->tag, id,
				 q->qid, npp_timeout_text(facts, action));
	else if (npp_is_poll_queue(q))
		npp_warn_limited(q->dev,
				 "I/O tag %u (%04x) QID %u timeout, completion polled (its submitter did not poll)\n",
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
		return "handler reads a register first";
	case NPP_IRQ_RESTORE:
		return "vector restored";
	case NPP_IRQ_RESET:
		return "reset controller";
	case NPP_IRQ_POLL:
		return "fallback poll";
	default:
		return "no action";
	}
}

/* Context: process. */
void npp_log_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		      enum npp_irq_action action)
{
	npp_warn_limited(q->dev, "QID %u: lost interrupt (%s), completions polled: %u, %s\n",
			 q->qid, npp_loss_name(loss), taken, npp_action_text(action));
}

/* The line that dates a queue's change to and from timer polling.  Context: process. */
void npp_log_mode(struct npp_hwq *q, bool polling)
{
	npp_warn(q->dev, "QID %u: %s; completions lost %llu, vector restores %llu\n", q->qid,
		 polling ? "fallback poll started, interrupts are unreliable" :
			   "fallback poll ended, interrupts are back",
		 q->lost_irq_completions, q->vector_restores);
}

const char *npp_reset_reason_text(enum npp_reset_reason reason)
{
	switch (reason) {
	case NPP_RESET_IO_TIMEOUT:
		return "I/O timeout, the poll found no completion";
	case NPP_RESET_ADMIN_TIMEOUT:
		return "admin timeout, the poll found no completion";
	case NPP_RESET_DEVICE_GONE:
		return "device gone";
	case NPP_RESET_LOST_IRQS:
		return "lost interrupts, restoring the vector did not help";
	case NPP_RESET_USER:
		return "requested by user";
	case NPP_RESET_SLEEP:
		return "system suspend";
	case NPP_RESET_FUNCTION:
		return "PCI function reset";
	case NPP_RESET_PCI_ERROR:
		return "PCI error recovery";
	case NPP_RESET_PCI_LOST:
		return "PCI error recovery did not finish in time";
	case NPP_RESET_CTRL_LOSS:
		return "ctrl_loss_tmo expired";
	case NPP_RESET_REMOVAL:
		return "removal";
	case NPP_RESET_REASONS:
		break;
	}
	return "unknown reason";
}
