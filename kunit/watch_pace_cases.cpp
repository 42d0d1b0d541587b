// SPDX-License-Identifier: GPL-2.0
// The watchdog's pace after a lost interrupt.

#include "corpus.hpp"

#include <nvmepp/watch_pace.h>

namespace
{

constexpr u32 NORMAL_US = 10000;

void watch_without_a_loss_has_the_normal_tick()
{
	const npp_watch_pace p{};

	EXPECT_EQ(npp_watch_tick_us(&p, 0, NORMAL_US), NORMAL_US);
	EXPECT_EQ(npp_watch_tick_us(&p, ~u64{0}, NORMAL_US), NORMAL_US);
}

void watch_is_quick_after_a_loss_and_slows_down()
{
	constexpr u64 LOST_MS = 5'000'000;
	npp_watch_pace p{};

	npp_watch_lost(&p, LOST_MS);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS, NORMAL_US), 2000);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 2000, NORMAL_US), 2000);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 2001, NORMAL_US), 2001);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 3000, NORMAL_US), 3000);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 9999, NORMAL_US), 9999);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 10000, NORMAL_US), NORMAL_US);
	// The time since then in microseconds would not be in 32 bits.
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + (u64{1} << 32), NORMAL_US), NORMAL_US);
	npp_watch_lost(&p, LOST_MS + 9000);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 9000, NORMAL_US), 2000);
}

// With lost_irq_ms at its smallest the normal tick stays the longest.
void watch_is_never_slower_than_the_normal_tick()
{
	npp_watch_pace p{};

	npp_watch_lost(&p, 1);
	for (u32 n = 0; n < 40; n++)
		npp_watch_late(&p);
	EXPECT_EQ(p.least_us, NPP_WATCH_LATE_MAX_US);
	EXPECT_EQ(npp_watch_tick_us(&p, 1, 5000), 5000);
}

// What it has learned of late interrupts stays.
void watch_is_calm_when_the_queue_is_polled()
{
	constexpr u64 LOST_MS = 5'000'000;
	npp_watch_pace p{};

	npp_watch_lost(&p, LOST_MS);
	npp_watch_late(&p);
	npp_watch_calm(&p);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 1, NORMAL_US), NORMAL_US);
	npp_watch_lost(&p, LOST_MS + 2);
	EXPECT_EQ(npp_watch_tick_us(&p, LOST_MS + 2, NORMAL_US), 4000);
}

void watch_that_was_too_quick_is_half_as_quick()
{
	npp_watch_pace p{};

	npp_watch_late(&p);
	EXPECT_EQ(npp_watch_tick_us(&p, 7, NORMAL_US), NORMAL_US);
	npp_watch_lost(&p, 100);
	npp_watch_late(&p);
	EXPECT_EQ(npp_watch_tick_us(&p, 100, NORMAL_US), 4000);
	npp_watch_late(&p);
	EXPECT_EQ(npp_watch_tick_us(&p, 100, NORMAL_US), 8000);
	// Another loss soon after does not make it quicker again.
	npp_watch_lost(&p, 100 + NPP_WATCH_FORGET_MS - 1);
	EXPECT_EQ(npp_watch_tick_us(&p, 100 + NPP_WATCH_FORGET_MS - 1, NORMAL_US), 8000);
	npp_watch_lost(&p, 100 + 2 * u64{NPP_WATCH_FORGET_MS});
	EXPECT_EQ(npp_watch_tick_us(&p, 100 + 2 * u64{NPP_WATCH_FORGET_MS}, NORMAL_US), 2000);
}

constexpr test::Case cases[] = {
	CASE(watch_without_a_loss_has_the_normal_tick),
	CASE(watch_is_quick_after_a_loss_and_slows_down),
	CASE(watch_is_never_slower_than_the_normal_tick),
	CASE(watch_is_calm_when_the_queue_is_polled),
	CASE(watch_that_was_too_quick_is_half_as_quick),
};

} // namespace

constinit const test::Group test::watch_pace_cases = test::group(cases);
