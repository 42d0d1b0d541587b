/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: /sys/kernel/tracing/events/nvmepp. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nvmepp

#if !defined(NVMEPP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define NVMEPP_TRACE_H

#include <linux/tracepoint.h>

#include "base/dev.h"
#include "base/log.h"

TRACE_EVENT(nvmepp_lost_irq,
	TP_PROTO(const struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		 enum npp_irq_action action),
	TP_ARGS(q, loss, taken, action),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(u16, qid)
		__field(int, loss)
		__field(unsigned int, taken)
		__field(int, action)
	),
	TP_fast_assign(
		__entry->instance = q->dev->instance;
		__entry->qid = q->qid;
		__entry->loss = loss;
		__entry->taken = taken;
		__entry->action = action;
	),
	TP_printk("nvme%d queue %u: %u taken, class %s, action %s", __entry->instance,
		  __entry->qid, __entry->taken, npp_loss_name(__entry->loss),
		  __print_symbolic(__entry->action,
				   { NPP_IRQ_NOTHING, "nothing" },
				   { NPP_IRQ_READ_FIRST, "read first" },
				   { NPP_IRQ_RESTORE, "restore" },
				   { NPP_IRQ_RESET, "reset" },
				   { NPP_IRQ_POLL, "poll" }))
);

TRACE_EVENT(nvmepp_vector_restore,
	TP_PROTO(const struct npp_hwq *q, bool good),
	TP_ARGS(q, good),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(u16, qid)
		__field(bool, good)
	),
	TP_fast_assign(
		__entry->instance = q->dev->instance;
		__entry->qid = q->qid;
		__entry->good = good;
	),
	TP_printk("nvme%d queue %u: vector %s", __entry->instance, __entry->qid,
		  __entry->good ? "restored" : "still not as written")
);

TRACE_EVENT(nvmepp_mode,
	TP_PROTO(const struct npp_hwq *q, bool polling),
	TP_ARGS(q, polling),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(u16, qid)
		__field(bool, fallback_poll)
	),
	TP_fast_assign(
		__entry->instance = q->dev->instance;
		__entry->qid = q->qid;
		__entry->fallback_poll = polling;
	),
	TP_printk("nvme%d queue %u: %s", __entry->instance, __entry->qid,
		  __entry->fallback_poll ? "fallback-poll" : "interrupts")
);

TRACE_EVENT(nvmepp_reset,
	TP_PROTO(const struct npp_dev *dev, enum npp_state state),
	TP_ARGS(dev, state),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(int, reason)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->instance = dev->instance;
		__entry->reason = dev->reset_reason;
		__entry->state = state;
	),
	TP_printk("nvme%d %s: %s", __entry->instance, npp_state_name(__entry->state),
		  npp_reset_reason_text(__entry->reason))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH base
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
