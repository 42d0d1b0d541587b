// SPDX-License-Identifier: GPL-2.0
// The escalation of lost interrupts.

#include "corpus.hpp"

#include <nvmepp/irq_health.h>

namespace
{

constexpr u32 BUDGET = 3;

npp_lost_irq new_loss(u64 now_ms)
{
	npp_lost_irq c{};

	c.now_ms = now_ms;
	c.budget = BUDGET;
	c.cap = NPP_IRQ_CAP_POLL;
	c.loss = NPP_LOSS_SILENT;
	return c;
}

void escalation_of_a_dead_vector_climbs_to_polling()
{
	static constexpr npp_irq_action expected[] = {
		NPP_IRQ_RESTORE, NPP_IRQ_RESET, NPP_IRQ_RESTORE, NPP_IRQ_POLL, NPP_IRQ_NOTHING};
	npp_irq_health h{};
	npp_lost_irq c = new_loss(5000000);

	for (const npp_irq_action &action : expected) {
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), action);
		c.reset_recently |= action == NPP_IRQ_RESET;
		c.now_ms += 200;
	}
	EXPECT(h.fallback_poll);
}

void escalation_budget_counts_within_a_minute()
{
	for (u64 apart : test::values(u64{100}, u64{29999}, u64{30000}, u64{60000})) {
		npp_irq_health h{};
		npp_lost_irq c = new_loss(1000);

		c.interrupt_between = true; // only the budget can be spent
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
		c.now_ms += apart;
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
		c.now_ms += apart;
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c),
			  2 * apart < 60000 ? NPP_IRQ_RESET : NPP_IRQ_RESTORE);
	}
}

void escalation_two_in_a_row_spend_the_budget()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(1000);

	c.budget = 100;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	c.now_ms += 10 * 60000; // however far apart
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESET);
}

// A machine whose interrupts are late loses none, however often that passes for a loss.
void escalation_does_not_count_a_late_interrupt()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(1000);

	for (u32 n = 0; n < 10 * BUDGET; n++) {
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
		npp_irq_health_late(&h);
		c.now_ms += NPP_IRQ_EVENT_MS;
	}
	// Those that are lost count as ever.
	c.interrupt_between = true;
	for (u32 n = 1; n < BUDGET; n++, c.now_ms += NPP_IRQ_EVENT_MS)
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESET);
	// An event is given back once.
	h = npp_irq_health{};
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	c.now_ms += NPP_IRQ_EVENT_MS;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	npp_irq_health_late(&h);
	npp_irq_health_late(&h);
	EXPECT_EQ(h.in_window, 1);
	c.now_ms += NPP_IRQ_EVENT_MS;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	c.now_ms += NPP_IRQ_EVENT_MS;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESET);
	// Nothing is left to be given back.
	npp_irq_health_late(&h);
	EXPECT_EQ(h.in_window, 0);
}

// What the watchdog finds a few milliseconds later is the same event.
void escalation_counts_an_event_once()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(1000);

	for (u32 ms = 0; ms < NPP_IRQ_EVENT_MS; ms++, c.now_ms++)
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	// Two in a row.
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESET);
	// Not after an interrupt has come, in whichever of them.
	h = npp_irq_health{};
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	c.now_ms += NPP_IRQ_EVENT_MS - 1;
	c.interrupt_between = true;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	c.now_ms++;
	c.interrupt_between = false;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	EXPECT_EQ(h.in_window, 2);
}

void escalation_believes_a_test_of_the_vector_at_once()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(1000);

	c.proved_dead = true;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESET);
	c.reset_recently = true;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
}

void escalation_is_capped_by_the_parameter()
{
	static constexpr npp_irq_action highest[] = {NPP_IRQ_NOTHING, NPP_IRQ_NOTHING,
						     NPP_IRQ_RESTORE, NPP_IRQ_RESET, NPP_IRQ_POLL};

	for (u32 cap = 0; cap < NPP_IRQ_CAPS; cap++) {
		npp_irq_health h{};
		npp_lost_irq c = new_loss(1000);
		npp_irq_action reached = NPP_IRQ_NOTHING;

		c.cap = static_cast<npp_irq_cap>(cap);
		for (u32 n = 0; n < 20; n++) {
			const npp_irq_action action = npp_irq_health_lost_irq(&h, &c);

			reached = action > reached ? action : reached;
			c.reset_recently |= action == NPP_IRQ_RESET;
			c.now_ms += 200;
		}
		EXPECT_EQ(reached, highest[cap]);
		EXPECT_EQ(h.fallback_poll, cap == NPP_IRQ_CAP_POLL);
	}
}

void escalation_reads_first_once_for_early_interrupts()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(1000);

	c.loss = NPP_LOSS_EARLY;
	c.interrupt_between = true;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_READ_FIRST);
	c.now_ms += 60000;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
	npp_irq_health logged{};
	c.cap = NPP_IRQ_CAP_LOG;
	EXPECT_EQ(npp_irq_health_lost_irq(&logged, &c), NPP_IRQ_NOTHING);
	EXPECT(!logged.read_first);
}

// The n-th time takes four times the interrupts of the time before, 1024-fold at most.
void polling_ends_after_enough_interrupts_in_a_row()
{
	npp_irq_health h{};

	for (u32 relapse = 0; relapse < 8; relapse++) {
		const u32 needed = NPP_IRQ_GOOD_IN_A_ROW << 2 * (relapse < 5 ? relapse : 5);
		npp_lost_irq c = new_loss(1000);

		c.proved_dead = c.reset_recently = true;
		REQUIRE_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
		EXPECT_EQ(npp_irq_health_polled(&h, needed - 1, needed), NPP_IRQ_NOTHING);
		EXPECT_EQ(npp_irq_health_polled(&h, 0, 1), NPP_IRQ_NOTHING); // one lost: anew
		EXPECT_EQ(npp_irq_health_polled(&h, needed - 1, needed), NPP_IRQ_NOTHING);
		EXPECT_EQ(npp_irq_health_polled(&h, 0, 0), NPP_IRQ_NOTHING); // idle: no gap
		EXPECT_EQ(npp_irq_health_polled(&h, 1, 0), NPP_IRQ_RESUME);
		EXPECT(!h.fallback_poll);
		EXPECT_EQ(npp_irq_health_polled(&h, 1000000, 0), NPP_IRQ_NOTHING);
	}
}

// Back to interrupts: one loss is enough for a minute, then it takes as many as ever.
void escalation_is_on_probation_after_polling()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(5000000);

	c.proved_dead = c.reset_recently = c.interrupt_between = true;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
	EXPECT_EQ(npp_irq_health_polled(&h, 32, 32), NPP_IRQ_RESUME);
	c.proved_dead = false;
	c.now_ms += 59999;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
	EXPECT_EQ(npp_irq_health_polled(&h, 128, 128), NPP_IRQ_RESUME);
	c.now_ms += 60000;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_RESTORE);
}

void relapses_are_forgotten_after_an_hour()
{
	npp_irq_health h{};
	npp_lost_irq c = new_loss(5000000);

	c.proved_dead = c.reset_recently = true;
	for (u32 needed = 32; needed <= 128; needed *= 4) {
		EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
		EXPECT_EQ(npp_irq_health_polled(&h, needed - 1, needed), NPP_IRQ_NOTHING);
		EXPECT_EQ(npp_irq_health_polled(&h, 1, 1), NPP_IRQ_RESUME);
		c.now_ms += NPP_IRQ_RESET_GAP_MS - 1;
	}
	c.now_ms++;
	EXPECT_EQ(npp_irq_health_lost_irq(&h, &c), NPP_IRQ_POLL);
	EXPECT_EQ(npp_irq_health_polled(&h, 32, 32), NPP_IRQ_RESUME);
}

void polling_never_ends_while_interrupts_stay_away()
{
	npp_irq_health h{};

	h.fallback_poll = true;
	h.relapses = 1;
	for (u32 n = 0; n < 1000; n++)
		EXPECT_EQ(npp_irq_health_polled(&h, 0, n % 3), NPP_IRQ_NOTHING);
	EXPECT(h.fallback_poll);
}

constexpr test::Case cases[] = {
	CASE(escalation_of_a_dead_vector_climbs_to_polling),
	CASE(escalation_budget_counts_within_a_minute),
	CASE(escalation_two_in_a_row_spend_the_budget),
	CASE(escalation_does_not_count_a_late_interrupt),
	CASE(escalation_counts_an_event_once),
	CASE(escalation_believes_a_test_of_the_vector_at_once),
	CASE(escalation_is_capped_by_the_parameter),
	CASE(escalation_reads_first_once_for_early_interrupts),
	CASE(polling_ends_after_enough_interrupts_in_a_row),
	CASE(escalation_is_on_probation_after_polling),
	CASE(relapses_are_forgotten_after_an_hour),
	CASE(polling_never_ends_while_interrupts_stay_away),
};

} // namespace

constinit const test::Group test::irq_health_cases = test::group(cases);
