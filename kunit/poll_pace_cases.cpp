// SPDX-License-Identifier: GPL-2.0
// The fallback poll's pace, on simulated devices.

#include "corpus.hpp"
#include "random.hpp"

#include <nvmepp/poll_pace.h>

namespace
{

// One command at a time on a device that takes @latency_ns for it; each timer is late.
struct OneAtATime {
	u64 late_ns = 0;
	npp_poll_pace pace{};
	u32 polls = 0;

	// Returns the time from submission until a poll has found the completion.
	u64 request(u64 latency_ns, u32 found = 1)
	{
		u64 passed_ns = npp_poll_pace_start(&pace) + late_ns;

		polls = 1;
		while (passed_ns < latency_ns) {
			passed_ns += npp_poll_pace_next(&pace, 0, 1) + late_ns;
			polls++;
		}
		npp_poll_pace_next(&pace, found, 0);
		return passed_ns;
	}
};

void poll_of_an_unknown_device_begins_at_once()
{
	npp_poll_pace p{};

	EXPECT_EQ(npp_poll_pace_start(&p), NPP_POLL_MIN_NS);
	EXPECT_EQ(npp_poll_pace_next(&p, 0, 1), NPP_POLL_MIN_NS);
}

// Whatever the device takes: at most an eighth more, plus the shortest interval.
void poll_finds_a_completion_after_nine_eighths_of_its_time()
{
	for (u64 latency = 1000; latency < 40'000'000; latency += latency / 3) {
		OneAtATime device;

		for (u32 n = 0; n < 50; n++) {
			const u64 most = latency + latency / 8 + NPP_POLL_MIN_NS;

			REQUIRE(device.request(latency) <= most);
		}
	}
}

void poll_of_a_known_device_takes_few_polls()
{
	constexpr u64 latencies[] = {8'000, 50'000, 90'000, 1'000'000, 7'000'000};

	for (const u64 latency : latencies) {
		OneAtATime device;
		u32 polls = 0;

		for (u32 n = 0; n < 300; n++)
			device.request(latency);
		for (u32 n = 0; n < 100; n++) {
			device.request(latency);
			polls += device.polls;
		}
		EXPECT(polls <= 160);
	}
}

// A poll that comes when nearly all have completed makes most of them wait, and one that comes
// when few have is made in vain.
void poll_of_a_device_that_varies_is_neither_early_nor_late()
{
	constexpr u32 REQUESTS = 2000;
	test::Random random(12);
	OneAtATime device;
	u64 latency_ns = 0, waited_ns = 0;
	u32 polls = 0;

	for (u32 n = 0; n < 200; n++)
		device.request(100'000);
	for (u32 n = 0; n < REQUESTS; n++) {
		const u64 latency = 75'000 + random.below(50'000);

		waited_ns += device.request(latency);
		latency_ns += latency;
		polls += device.polls;
	}
	EXPECT(polls <= REQUESTS * 23 / 10);
	EXPECT(waited_ns <= latency_ns + latency_ns / 8);
}

// Writes and flushes by turns: the write does not wait for as long as a flush takes.
void poll_of_quick_and_slow_commands_by_turns_is_for_the_quick_ones()
{
	OneAtATime device;
	u64 waited_ns = 0;

	for (u32 n = 0; n < 1000; n++) {
		waited_ns += device.request(80'000);
		device.request(3'000'000);
	}
	EXPECT(waited_ns <= 1000 * u64{90'000});

	// Also after a time of slow ones alone.
	for (u32 n = 0; n < 500; n++)
		device.request(3'000'000);
	for (u32 n = 0; n < 400; n++) {
		device.request(80'000);
		device.request(3'000'000);
	}
	EXPECT(device.request(80'000) <= 95'000);
}

// It is polled each 10 ms at least, and as soon as it is quick again the interval shrinks.
void poll_of_a_throttled_device_recovers()
{
	OneAtATime device;

	for (u32 n = 0; n < 500; n++)
		device.request(1'000'000'000);
	for (u32 n = 0; n < 150; n++)
		device.request(50'000);
	EXPECT(device.request(50'000) <= 60'000);
}

// Two writes that are found together, and a flush alone.
void poll_of_two_and_one_by_turns_takes_few_polls()
{
	OneAtATime device;
	u32 polls = 0;

	for (u32 n = 0; n < 300; n++) {
		device.request(100'000, 2);
		device.request(100'000);
		polls += n >= 200 ? device.polls : 0;
	}
	EXPECT(polls <= 300);
}

// What it has learned while several were in flight is soon forgotten.
void poll_of_a_device_that_was_busy_takes_few_polls()
{
	OneAtATime device;

	npp_poll_pace_start(&device.pace);
	for (u32 n = 0; n < 1003; n++)
		npp_poll_pace_next(&device.pace, 2, 2);
	npp_poll_pace_next(&device.pace, 1, 0);
	for (u32 n = 0; n < 20; n++)
		device.request(100'000);
	EXPECT(device.polls <= 12);
	for (u32 n = 0; n < 180; n++)
		device.request(100'000);
	EXPECT(device.polls <= 3);
}

// One that took 10 ms must not keep the next ones waiting.
void poll_forgets_a_command_that_took_long()
{
	OneAtATime device;
	u64 lost_ns = 0;

	for (u32 n = 0; n < 100; n++)
		device.request(50'000);
	device.request(10'000'000);
	for (u32 n = 0; n < 200; n++)
		lost_ns += device.request(50'000) - 50'000;
	EXPECT(lost_ns < 200 * 11'250);
	EXPECT(device.request(50'000) <= 61'250);
}

void poll_of_a_device_that_has_become_slower_takes_few_polls()
{
	OneAtATime device;

	for (u32 n = 0; n < 50; n++)
		device.request(20'000);
	device.request(1'000'000);
	EXPECT(device.polls > 20);
	for (u32 n = 0; n < 200; n++)
		device.request(1'000'000);
	EXPECT(device.polls <= 3);
}

// A timer that is always late costs that much, and is not learned as the device's time.
void poll_by_a_timer_that_is_late_does_not_become_slower()
{
	OneAtATime device{200'000};

	device.request(10'000'000);
	for (u32 n = 0; n < 200; n++)
		device.request(50'000);
	EXPECT(device.request(50'000) <= 206'000);
	EXPECT_EQ(device.polls, 1);
}

void poll_of_a_device_that_is_silent_is_seldom()
{
	npp_poll_pace p{};

	npp_poll_pace_start(&p);
	for (u32 n = 0; n < 200; n++) {
		const u64 wait = npp_poll_pace_next(&p, 0, 1);

		REQUIRE(wait >= NPP_POLL_MIN_NS && wait <= NPP_POLL_MAX_NS);
	}
	EXPECT_EQ(npp_poll_pace_next(&p, 0, 1), NPP_POLL_MAX_NS);
	EXPECT(npp_poll_pace_next(&p, 1, 0) <= NPP_POLL_MAX_NS);
	// Nothing is learned of it.
	EXPECT_EQ(p.usual_ns, NPP_POLL_MIN_NS);
}

// Several at a time: a poll could have been sooner, and soon is, whatever stays in flight.
void poll_that_finds_several_becomes_quicker()
{
	npp_poll_pace p{.waited_ns = 0, .usual_ns = 8'000'000};
	u64 wait = npp_poll_pace_start(&p);

	// After one command that took long, as in an outage.
	EXPECT_EQ(wait, 8'000'000);
	for (u32 n = 0; n < 7; n++)
		wait = npp_poll_pace_next(&p, 8, 16);
	EXPECT(wait < 100'000);
	for (u32 n = 0; n < 20; n++)
		wait = npp_poll_pace_next(&p, 2, 2);
	EXPECT_EQ(wait, NPP_POLL_BUSY_NS);
	// Of a poll that finds one this cannot be said.
	npp_poll_pace one{.waited_ns = 0, .usual_ns = 80'000};

	EXPECT_EQ(npp_poll_pace_start(&one), 80'000);
	EXPECT(npp_poll_pace_next(&one, 1, 1) > 70'000);
}

// With others in flight the next completion is not looked for at once, however soon it is due.
void poll_of_a_busy_device_leaves_time_for_several()
{
	npp_poll_pace p{.waited_ns = 0, .usual_ns = 20'000};

	EXPECT_EQ(npp_poll_pace_start(&p), 20'000);
	EXPECT_EQ(npp_poll_pace_next(&p, 1, 2), NPP_POLL_BUSY_NS);
	EXPECT(npp_poll_pace_next(&p, 1, 1) < 25'000);
	EXPECT_EQ(npp_poll_pace_next(&p, 0, 2), NPP_POLL_BUSY_NS);
	EXPECT(npp_poll_pace_next(&p, 0, 1) < 10'000);
	// A slow device is not polled more often for having more in flight.
	p.usual_ns = 1'000'000;
	npp_poll_pace_start(&p);
	EXPECT(npp_poll_pace_next(&p, 1, 32) > 800'000);
}

void poll_stays_within_bounds()
{
	test::Random random(11);
	npp_poll_pace p{};
	u64 wait = npp_poll_pace_start(&p);

	for (u32 n = 0; n < 20000; n++) {
		REQUIRE(wait >= NPP_POLL_MIN_NS && wait <= NPP_POLL_MAX_NS);
		wait = random.below(10) ? npp_poll_pace_next(&p, random.below(4), random.below(4))
					: npp_poll_pace_start(&p);
	}
}

constexpr test::Case cases[] = {
	CASE(poll_of_an_unknown_device_begins_at_once),
	CASE(poll_finds_a_completion_after_nine_eighths_of_its_time),
	CASE(poll_of_a_known_device_takes_few_polls),
	CASE(poll_of_a_device_that_varies_is_neither_early_nor_late),
	CASE(poll_of_quick_and_slow_commands_by_turns_is_for_the_quick_ones),
	CASE(poll_of_a_throttled_device_recovers),
	CASE(poll_of_two_and_one_by_turns_takes_few_polls),
	CASE(poll_of_a_device_that_was_busy_takes_few_polls),
	CASE(poll_forgets_a_command_that_took_long),
	CASE(poll_of_a_device_that_has_become_slower_takes_few_polls),
	CASE(poll_by_a_timer_that_is_late_does_not_become_slower),
	CASE(poll_of_a_device_that_is_silent_is_seldom),
	CASE(poll_that_finds_several_becomes_quicker),
	CASE(poll_of_a_busy_device_leaves_time_for_several),
	CASE(poll_stays_within_bounds),
};

} // namespace

constinit const test::Group test::poll_pace_cases = test::group(cases);
