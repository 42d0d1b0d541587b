// SPDX-License-Identifier: GPL-2.0
// The escalation of a queue whose interrupts get lost: what to do after a lost interrupt.
//
//   complete and count, always
//   -> restore the vector
//   -> reset the controller, when the budget is spent: too many losses in a
//      minute, or two without an interrupt between; once an hour at most
//   -> poll the queue, when losses go on after that reset
//   -> back to interrupts, when enough of them have come in a row; on probation: a
//      loss within a minute polls again at once, and for four times as many
//
// A poll that works and remembers nothing turns a dead vector into a stall of
// every command for ever; a reset for each loss takes a healthy disk away. This
// is the memory between the two.
#pragma once

#include "lang.hpp"

#include <nvmepp/irq_health.h>

namespace npp
{

class IrqHealth {
public:
	NPP_INLINE constexpr explicit IrqHealth(npp_irq_health &health) : h(health) {}

	NPP_INLINE constexpr npp_irq_action lost_irq(const npp_lost_irq &c)
	{
		if (h.fallback_poll)
			return NPP_IRQ_NOTHING; // a poll that was faster than the poller
		if (!same_event(c))
			count(c);
		else if (c.interrupt_between)
			h.in_row = 0;
		// The first early interrupt asks for a dummy read, which cures it; the
		// vector is not to blame.
		if (c.loss == NPP_LOSS_EARLY && !h.read_first && c.cap >= NPP_IRQ_CAP_RESTORE) {
			h.read_first = true;
			return NPP_IRQ_READ_FIRST;
		}
		if (spent(c) && !c.reset_recently && c.cap >= NPP_IRQ_CAP_RESET)
			return forget(NPP_IRQ_RESET);
		if (spent(c) && c.cap >= NPP_IRQ_CAP_POLL)
			return start_fallback_poll(c);
		return c.cap >= NPP_IRQ_CAP_RESTORE ? NPP_IRQ_RESTORE : NPP_IRQ_NOTHING;
	}

	NPP_INLINE constexpr npp_irq_action polled(u32 interrupts, u32 completions)
	{
		if (!h.fallback_poll)
			return NPP_IRQ_NOTHING;
		if (interrupts)
			h.good += interrupts;
		else if (completions)
			h.good = 0;
		if (h.good < needed())
			return NPP_IRQ_NOTHING;
		h.fallback_poll = false;
		return forget(NPP_IRQ_RESUME);
	}

	NPP_INLINE constexpr void late()
	{
		h.in_window -= h.in_window && h.event_counts;
		h.event_counts = false;
		h.in_row = 0;
	}

	// Interrupts in a row that end polling: more for each time it was needed.
	NPP_INLINE constexpr u32 needed() const
	{
		return u32{NPP_IRQ_GOOD_IN_A_ROW}
		       << 2 * min(h.relapses ? h.relapses - 1 : 0, u32{5});
	}

private:
	// The watchdog finds the next losses after a few milliseconds: they must not spend the
	// budget before a vector could be restored, or an interrupt that is late could come.
	NPP_INLINE constexpr bool same_event(const npp_lost_irq &c) const
	{
		return h.in_window && c.now_ms - h.counted_ms < NPP_IRQ_EVENT_MS;
	}

	NPP_INLINE constexpr void count(const npp_lost_irq &c)
	{
		if (!h.in_window || c.now_ms - h.window_start_ms >= NPP_IRQ_WINDOW_MS) {
			h.window_start_ms = c.now_ms;
			h.in_window = 0;
		}
		h.in_window++;
		h.counted_ms = c.now_ms;
		h.event_counts = true;
		h.in_row = c.interrupt_between ? 1 : h.in_row + 1;
	}

	NPP_INLINE constexpr bool spent(const npp_lost_irq &c) const
	{
		return c.proved_dead || h.in_window >= c.budget || h.in_row >= 2 ||
		       began_within(c, NPP_IRQ_WINDOW_MS);
	}

	NPP_INLINE constexpr bool began_within(const npp_lost_irq &c, u64 ms) const
	{
		return h.relapses && c.now_ms - h.fallback_poll_began_ms < ms;
	}

	// An hour after the last time it is a story of its own.
	NPP_INLINE constexpr npp_irq_action start_fallback_poll(const npp_lost_irq &c)
	{
		h.relapses = began_within(c, NPP_IRQ_RESET_GAP_MS) ? h.relapses + 1 : 1;
		h.fallback_poll_began_ms = c.now_ms;
		h.fallback_poll = true;
		return forget(NPP_IRQ_POLL);
	}

	// A new rung starts with a clean sheet.
	NPP_INLINE constexpr npp_irq_action forget(npp_irq_action action)
	{
		h.in_window = 0;
		h.in_row = 0;
		h.good = 0;
		return action;
	}

	npp_irq_health &h;
};

} // namespace npp
