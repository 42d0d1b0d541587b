// SPDX-License-Identifier: GPL-2.0
// The escalation of lost interrupts over long random histories, against a second one that
// keeps the whole past instead of counters.

#include "corpus.hpp"
#include "random.hpp"

#include <nvmepp/irq_health.h>

namespace
{

// The second escalation: what happened since the last rung, nothing summed up.
struct History {
	npp_lost_irq losses[64];
	u32 count;
	u64 window_start;
	u64 polled_at; // 0: never
	bool row;
	bool between; // an interrupt, since the last loss that counts
	bool read_first;
	bool fallback_poll;
};

u32 in_window(History &y)
{
	u32 n = 0;

	// A window begins with the first lost interrupt that no window holds.
	for (u32 i = 0; i < y.count; i++)
		if (!i || y.losses[i].now_ms - y.window_start >= 60000)
			y.window_start = y.losses[i].now_ms;
	for (u32 i = 0; i < y.count; i++)
		n += y.losses[i].now_ms >= y.window_start;
	return n;
}

npp_irq_action second_escalation(History &y, const npp_lost_irq &c)
{
	if (y.fallback_poll)
		return NPP_IRQ_NOTHING;
	const bool same = y.count && c.now_ms < y.losses[y.count - 1].now_ms + 50;

	y.between |= c.interrupt_between;
	if (!same && y.count == 64) { // keep the last of them
		for (u32 i = 1; i < 64; i++)
			y.losses[i - 1] = y.losses[i];
		y.count--;
	}
	if (!same)
		y.losses[y.count++] = c;
	y.row = (same ? y.row : y.count >= 2) && !y.between;
	y.between &= same;
	const bool early = c.loss == NPP_LOSS_EARLY && !y.read_first;
	const bool probation = y.polled_at && c.now_ms < y.polled_at + 60000;
	const bool spent = in_window(y) >= c.budget || y.row || c.proved_dead || probation;

	if (early && c.cap >= NPP_IRQ_CAP_RESTORE) {
		y.read_first = true;
		return NPP_IRQ_READ_FIRST;
	}
	if (spent && c.reset_recently && c.cap == NPP_IRQ_CAP_POLL) {
		y.fallback_poll = true;
		y.polled_at = c.now_ms;
		y.count = 0;
		return NPP_IRQ_POLL;
	}
	if (spent && !c.reset_recently && c.cap >= NPP_IRQ_CAP_RESET) {
		y.count = 0;
		return NPP_IRQ_RESET;
	}
	return c.cap >= NPP_IRQ_CAP_RESTORE ? NPP_IRQ_RESTORE : NPP_IRQ_NOTHING;
}

npp_lost_irq random_loss(test::Random &random, u64 now, u64 reset)
{
	npp_lost_irq c{};

	c.now_ms = now;
	c.budget = 3;
	c.cap = random.below(8) ? NPP_IRQ_CAP_POLL : static_cast<npp_irq_cap>(random.below(5));
	c.loss = static_cast<npp_loss>(random.below(NPP_LOSSES));
	c.interrupt_between = random.below(3);
	c.proved_dead = !random.below(20);
	c.reset_recently = reset && now - reset < NPP_IRQ_RESET_GAP_MS;
	return c;
}

void escalation_agrees_with_one_that_forgets_nothing()
{
	static History y;
	u32 actions[NPP_IRQ_ACTIONS] = {};

	for (u64 seed = 0; seed < 2000; seed++) {
		test::Random random(seed);
		npp_irq_health h{};
		u64 now = 1000000, reset = 0;

		y = History{};
		for (u32 n = 0; n < 60; n++) {
			constexpr u32 gaps[] = {60, 40000, 40000, 4000000};

			now += 1 + random.below(gaps[random.below(4)]);
			const npp_lost_irq c = random_loss(random, now, reset);
			const npp_irq_action action = npp_irq_health_lost_irq(&h, &c);

			REQUIRE_EQ(action, second_escalation(y, c));
			actions[action]++;
			if (action == NPP_IRQ_RESET)
				reset = now;
			if (h.fallback_poll && random.below(2)) {
				EXPECT_EQ(npp_irq_health_polled(&h, 32 << 10, 0), NPP_IRQ_RESUME);
				y.fallback_poll = false;
				actions[NPP_IRQ_RESUME]++;
			}
		}
	}
	for (u32 count : actions)
		EXPECT(count > 0);
}

constexpr test::Case cases[] = {
	CASE(escalation_agrees_with_one_that_forgets_nothing),
};

} // namespace

constinit const test::Group test::irq_health_history_cases = test::group(cases);
