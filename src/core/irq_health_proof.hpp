// SPDX-License-Identifier: GPL-2.0
// What the escalation never does, over every history of a few losses.
#pragma once

#include "irq_health.hpp"

namespace npp::irq_health_proof
{

constexpr npp_irq_action highest(npp_irq_cap cap)
{
	switch (cap) {
	case NPP_IRQ_CAP_RESTORE:
		return NPP_IRQ_RESTORE;
	case NPP_IRQ_CAP_RESET:
		return NPP_IRQ_RESET;
	case NPP_IRQ_CAP_POLL:
		return NPP_IRQ_POLL;
	case NPP_IRQ_CAP_OFF:
	case NPP_IRQ_CAP_LOG:
	case NPP_IRQ_CAPS:
		break;
	}
	return NPP_IRQ_NOTHING;
}

// Follows every history of @left more losses, which differ in cap, class,
// distance in time, what came between and what the vector's test said. Resets
// are remembered as the caller does.
template <typename Property>
constexpr bool follow(npp_irq_health past, u64 now_ms, u64 reset_ms, int left, Property holds)
{
	constexpr u64 gaps_ms[] = {200, NPP_IRQ_WINDOW_MS, NPP_IRQ_RESET_GAP_MS};

	if (!left)
		return true;
	for (u64 gap_ms : gaps_ms) {
		for (unsigned bits = 0; bits < 8; bits++) {
			for (int cap = 0; cap < NPP_IRQ_CAPS; cap++) {
				npp_irq_health h = past;
				npp_lost_irq c{};
				c.now_ms = now_ms + gap_ms;
				c.budget = 3;
				c.cap = static_cast<npp_irq_cap>(cap);
				c.loss = bits & 1 ? NPP_LOSS_EARLY : NPP_LOSS_SILENT;
				c.interrupt_between = bits & 2;
				c.proved_dead = bits & 4;
				c.reset_recently = c.now_ms - reset_ms < NPP_IRQ_RESET_GAP_MS;
				const npp_irq_action action = IrqHealth(h).lost_irq(c);
				if (!holds(past, c, action, h))
					return false;
				const u64 reset = action == NPP_IRQ_RESET ? c.now_ms : reset_ms;
				if (!follow(h, c.now_ms, reset, left - 1, holds))
					return false;
			}
		}
	}
	return true;
}

template <typename Property> constexpr bool always(Property holds)
{
	return follow(npp_irq_health{}, NPP_IRQ_RESET_GAP_MS, 0, 2, holds);
}

using Health = npp_irq_health;
using LostIrq = npp_lost_irq;

static_assert(always([](const Health &, const LostIrq &c, npp_irq_action action, const Health &) {
		      return action <= highest(c.cap);
	      }),
	      "lost_irq_action caps the escalation");

static_assert(always([](const Health &, const LostIrq &c, npp_irq_action action, const Health &) {
		      return action != NPP_IRQ_RESET || !c.reset_recently;
	      }),
	      "one such reset an hour");

static_assert(always([](const Health &, const LostIrq &c, npp_irq_action action, const Health &) {
		      return action != NPP_IRQ_POLL || c.reset_recently;
	      }),
	      "polling comes after a reset has not helped");

static_assert(always([](const Health &past, const LostIrq &c, npp_irq_action action,
			const Health &) {
		      const bool first = !past.in_window && !c.proved_dead;
		      return !first || action <= NPP_IRQ_RESTORE;
	      }),
	      "one lost interrupt alone never resets");

static_assert(always([](const Health &, const LostIrq &, npp_irq_action action, const Health &h) {
		      return (action == NPP_IRQ_POLL) <= h.fallback_poll;
	      }),
	      "polling is remembered");

// A vector that stays dead: how many losses, which are stalls, until polling?
constexpr int losses_until_polling()
{
	npp_irq_health h{};
	npp_lost_irq c{};
	int losses = 0;

	c.budget = 3;
	c.cap = NPP_IRQ_CAP_POLL;
	c.loss = NPP_LOSS_SILENT;
	while (!h.fallback_poll && losses < 100) {
		c.now_ms += 200;
		c.reset_recently |= IrqHealth(h).lost_irq(c) == NPP_IRQ_RESET;
		losses++;
	}
	return losses;
}

static_assert(losses_until_polling() == 4, "restore, reset, restore, poll");

// A loss now and then, each healed: never more than a restore.
constexpr bool rare_losses_only_restore()
{
	npp_irq_health h{};
	npp_lost_irq c{};

	c.budget = 3;
	c.cap = NPP_IRQ_CAP_POLL;
	c.loss = NPP_LOSS_SILENT;
	c.interrupt_between = true;
	for (int i = 0; i < 100; i++) {
		c.now_ms += NPP_IRQ_WINDOW_MS / 2;
		if (IrqHealth(h).lost_irq(c) != NPP_IRQ_RESTORE)
			return false;
	}
	return true;
}

static_assert(rare_losses_only_restore());

// Polling ends after exactly the interrupts it takes, without a gap; and the
// next time it takes four times as many.
constexpr bool polling_has_hysteresis()
{
	npp_irq_health h{};

	h.fallback_poll = true;
	h.relapses = 1;
	IrqHealth escalation(h);
	if (escalation.polled(NPP_IRQ_GOOD_IN_A_ROW - 1, 1) != NPP_IRQ_NOTHING)
		return false;
	if (escalation.polled(0, 1) != NPP_IRQ_NOTHING || h.good)
		return false;
	if (escalation.polled(NPP_IRQ_GOOD_IN_A_ROW, 1) != NPP_IRQ_RESUME || h.fallback_poll)
		return false;
	h.fallback_poll = true;
	h.relapses = 2;
	return escalation.polled(4 * NPP_IRQ_GOOD_IN_A_ROW - 1, 1) == NPP_IRQ_NOTHING &&
	       escalation.polled(1, 1) == NPP_IRQ_RESUME;
}

static_assert(polling_has_hysteresis());

} // namespace npp::irq_health_proof
