// SPDX-License-Identifier: GPL-2.0
// The stall detector: named behaviours, and long random histories against a detector
// that keeps the whole past instead of counters.

#include "corpus.hpp"
#include "random.hpp"

#include <nvmepp/stall.h>

namespace
{

void stall_ticks_outlast_coalescing()
{
	EXPECT_EQ(npp_stall_ticks(0, 50000), 2);
	EXPECT_EQ(npp_stall_ticks(99999, 50000), 2);
	EXPECT_EQ(npp_stall_ticks(100000, 50000), 3);
	// The longest that the field of Interrupt Coalescing can say, at the shortest tick.
	EXPECT_EQ(npp_stall_ticks(26000, 1000), 27);
}

void stall_is_two_whole_ticks_after_it_was_seen()
{
	npp_stall s{};

	EXPECT(npp_stall_progress(&s, 5, 9, false));
	EXPECT(!npp_stall_progress(&s, 5, 9, true));
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_STALLED);
	EXPECT(npp_stall_confirmed(&s, 5, 9, true));
	// It starts over: the same completion is reported again after the same time.
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT_EQ(npp_stall_tick(&s, 9, true, 2), NPP_CQ_STALLED);
}

// A waiter for an admin command polls every lost_irq_ms itself.
void stall_limit_of_one_is_one_whole_tick()
{
	npp_stall s{};

	EXPECT_EQ(npp_stall_tick(&s, 3, true, 1), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 3, true, 1), NPP_CQ_STALLED);
}

void stall_ends_with_an_interrupt()
{
	npp_stall s{};

	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT_EQ(npp_stall_tick(&s, 2, true, 2), NPP_CQ_NOT_STALLED);
	// What waits now is measured from that interrupt.
	EXPECT_EQ(npp_stall_tick(&s, 2, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT_EQ(npp_stall_tick(&s, 2, true, 2), NPP_CQ_STALLED);
}

void stall_ends_with_progress()
{
	npp_stall s{};

	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT(npp_stall_progress(&s, 1, 1, false));
	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_WAITING);
}

// The next completion waits already when it is seen that the one before has been taken.
void stall_is_measured_from_the_progress_that_has_seen_it()
{
	npp_stall s{};

	EXPECT(npp_stall_progress(&s, 1, 4, true));
	EXPECT_EQ(npp_stall_tick(&s, 4, true, 2), NPP_CQ_DIAGNOSE);
	EXPECT_EQ(npp_stall_tick(&s, 4, true, 2), NPP_CQ_STALLED);
	EXPECT(npp_stall_progress(&s, 2, 5, true));
	EXPECT_EQ(npp_stall_tick(&s, 6, true, 2), NPP_CQ_NOT_STALLED);
}

void stall_needs_a_completion_that_waits()
{
	npp_stall s{};

	for (u32 n = 0; n < 10; n++)
		EXPECT_EQ(npp_stall_tick(&s, 1, false, 1), NPP_CQ_NOT_STALLED);
	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_WAITING);
	EXPECT_EQ(npp_stall_tick(&s, 1, false, 2), NPP_CQ_NOT_STALLED);
	EXPECT_EQ(npp_stall_tick(&s, 1, true, 2), NPP_CQ_WAITING);
}

// Whatever moves between the tick and the confirmation says that nothing was lost.
void stall_is_not_confirmed_once_anything_moved()
{
	npp_stall s{};

	EXPECT(npp_stall_progress(&s, 7, 4, false));
	for (u32 n = 0; n < 3; n++)
		npp_stall_tick(&s, 4, true, 2);
	EXPECT(npp_stall_confirmed(&s, 7, 4, true));
	EXPECT(!npp_stall_confirmed(&s, 8, 4, true));
	EXPECT(!npp_stall_confirmed(&s, 7, 5, true));
	EXPECT(!npp_stall_confirmed(&s, 7, 4, false));
}

struct Tick {
	u64 taken, interrupts;
	bool pending;
};

// How many ticks up to @last, after @from, show the same completion waiting with
// nothing moved.
u32 unmoved(const Tick *ticks, u32 from, u32 last)
{
	u32 n = 0;

	for (u32 i = last + 1; i-- > from;) {
		const bool progress = ticks[i].taken != (i ? ticks[i - 1].taken : 0);

		if (!ticks[i].pending)
			break;
		n++;
		if (progress || (i && ticks[i].interrupts != ticks[i - 1].interrupts))
			break;
	}
	return n;
}

void stall_agrees_with_a_detector_that_keeps_the_past()
{
	constexpr u32 TICKS = 24;
	test::Random random(7);
	u32 stalls = 0;

	for (u32 round = 0; round < 5000; round++) {
		const u32 limit = 1 + random.below(4);
		const u32 rarely = 2 + random.below(6);
		Tick ticks[TICKS];
		npp_stall s{};
		u64 taken = 0, interrupts = 0;
		u32 from = 0; // the tick after the last stall that was reported

		for (u32 n = 0; n < TICKS; n++) {
			taken += !random.below(rarely);
			interrupts += !random.below(rarely);
			ticks[n] = {taken, interrupts, random.below(rarely) != 0};
			if (npp_stall_progress(&s, taken, interrupts, ticks[n].pending))
				continue;
			const bool stalled = npp_stall_tick(&s, interrupts, ticks[n].pending,
							    limit) == NPP_CQ_STALLED;
			REQUIRE_EQ(stalled, unmoved(ticks, from, n) == limit + 1);
			if (stalled) {
				from = n + 1;
				stalls++;
			}
		}
	}
	EXPECT(stalls > 100);
}

// Every edge: the first and the last millisecond of each bucket.
void stall_buckets_are_powers_of_two()
{
	EXPECT_EQ(npp_stall_bucket(0), 0);
	for (u32 n = 1; n < 64; n++) {
		const u32 bucket = n < NPP_STALL_BUCKETS ? n : NPP_STALL_BUCKETS - 1;

		EXPECT_EQ(npp_stall_bucket(u64{1} << (n - 1)), bucket);
		EXPECT_EQ(npp_stall_bucket((u64{1} << n) - 1), bucket);
	}
	EXPECT_EQ(npp_stall_bucket(65536), NPP_STALL_BUCKETS - 1);
	EXPECT_EQ(npp_stall_bucket(65535), NPP_STALL_BUCKETS - 2);
	EXPECT_EQ(npp_stall_bucket(~u64{0}), NPP_STALL_BUCKETS - 1);
}

constexpr test::Case cases[] = {
	CASE(stall_ticks_outlast_coalescing),
	CASE(stall_is_two_whole_ticks_after_it_was_seen),
	CASE(stall_limit_of_one_is_one_whole_tick),
	CASE(stall_ends_with_an_interrupt),
	CASE(stall_ends_with_progress),
	CASE(stall_is_measured_from_the_progress_that_has_seen_it),
	CASE(stall_needs_a_completion_that_waits),
	CASE(stall_is_not_confirmed_once_anything_moved),
	CASE(stall_agrees_with_a_detector_that_keeps_the_past),
	CASE(stall_buckets_are_powers_of_two),
};

} // namespace

constinit const test::Group test::stall_cases = test::group(cases);
