// SPDX-License-Identifier: GPL-2.0
// The escalation of lost interrupts: named behaviours, and long random histories
// against a second escalation that keeps the whole past instead of counters.

#include "corpus.hpp"
#include "random.hpp"

#include <nvmepp/lost_irq.h>

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

// In the order of precedence; bit n of a mask stands for row n.
constexpr npp_loss classes[] = {NPP_LOSS_UNDELIVERABLE, NPP_LOSS_MASKED, NPP_LOSS_MESSAGE,
				NPP_LOSS_PENDING,       NPP_LOSS_INTX,   NPP_LOSS_EARLY};

void loss_class_is_the_first_explanation_that_fits()
{
	for (u32 mask = 0; mask < 64; mask++) {
		npp_loss_facts f{};
		npp_loss expected = NPP_LOSS_SILENT;

		f.undeliverable = mask & 1;
		f.masked = mask & 2;
		f.message_differs = mask & 4;
		f.pending = mask & 8;
		f.intx_asserted = mask & 16;
		f.came_early = mask & 32;
		for (u32 i = 6; i-- > 0;)
			if (mask & 1u << i)
				expected = classes[i];
		EXPECT_EQ(npp_loss_class(&f), expected);
	}
}

bool same_text(const char *a, const char *b)
{
	return !__builtin_strcmp(a, b);
}

void loss_names_are_distinct()
{
	for (u32 a = 0; a < NPP_LOSSES; a++)
		for (u32 b = 0; b <= NPP_LOSSES; b++)
			EXPECT_EQ(same_text(npp_loss_name(static_cast<npp_loss>(a)),
					    npp_loss_name(static_cast<npp_loss>(b))),
				  a == b);
	EXPECT(same_text(npp_loss_name(NPP_LOSSES), "unknown"));
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
	npp_lost_irq c = new_loss(now);

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

void loss_pending_bit_is_read_within_the_bar_only()
{
	struct Expected {
		u32 pba;
		u16 vector;
		u64 bar_bytes;
		bool there;
		u32 offset;
	};
	static constexpr Expected table[] = {
		{0x3000, 0, 0x4000, true, 0x3000},
		{0x3000, 31, 0x4000, true, 0x3000},
		{0x3000, 32, 0x4000, true, 0x3004},
		{0x3000, 2047, 0x4000, true, 0x30fc},
		{0x3001, 0, 0x4000, false, 0},      // in BAR 1
		{0x3004, 0, 0x4000, false, 0},      // in BAR 4
		{0x3ff8, 32, 0x4000, true, 0x3ffc}, // the last dword
		{0x3ff8, 64, 0x4000, false, 0},     // the one after it
		{0x4000, 0, 0x4000, false, 0},
		{0xfffffff8, 0, 0x4000, false, 0},
		{0xfffffff8, 32, 0x4000, false, 0}, // its end is 0 in 32 bits
		{0xfffffff8, 64, 0x4000, false, 0}, // it is 0 in 32 bits
		{0xfffffff8, 32, u64{1} << 32, true, 0xfffffffc},
	};

	for (const Expected &e : table) {
		u32 offset;

		EXPECT_EQ(npp_pba_dword(e.pba, e.vector, e.bar_bytes, &offset), e.there);
		if (e.there)
			EXPECT_EQ(offset, e.offset);
	}
}

constexpr test::Case cases[] = {
	CASE(loss_class_is_the_first_explanation_that_fits),
	CASE(loss_names_are_distinct),
	CASE(loss_pending_bit_is_read_within_the_bar_only),
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
	CASE(escalation_agrees_with_one_that_forgets_nothing),
};

} // namespace

constinit const test::Group test::irq_health_cases = test::group(cases);
