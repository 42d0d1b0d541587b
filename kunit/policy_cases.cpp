// SPDX-License-Identifier: GPL-2.0
// The timeout policy over its whole input space, against the table of the design
// written a second time: rows of masks, the first that fits decides. The rows
// are counted, so that one that never decides is noticed.

#include "corpus.hpp"

#include <nvmepp/timeout.h>

namespace
{

constexpr u32 one(u32 n)
{
	return 1u << n;
}

constexpr u32 ALL = ~0u;
constexpr u32 YES = 2, NO = 1, EITHER = 3;
constexpr u32 NOT_FOUND = one(NPP_POLL_OTHERS) | one(NPP_POLL_EMPTY);
constexpr u32 NOT_EXHAUSTED = one(NPP_EXTENSIONS_NONE) | one(NPP_EXTENSIONS_SOME);

struct Row {
	const char *why;
	u32 polls, states, extensions;    // bit n: value n fits
	u32 present, online, of_bring_up; // YES, NO, EITHER
	npp_timeout_action step;
	u32 combinations; // that it decides, reckoned by hand; CSTS.CFS doubles all
};

// clang-format off
constexpr Row rows[] = {
	{"1 not looked yet", one(NPP_POLL_NOT_YET), ALL, ALL, EITHER, EITHER, EITHER,
	 NPP_TIMEOUT_POLL, 2 * 6 * 3 * 8},
	{"2 done by our poll", one(NPP_POLL_COMPLETED), ALL, ALL, EITHER, EITHER, EITHER,
	 NPP_TIMEOUT_DONE, 2 * 6 * 3 * 8},
	{"3 done elsewhere", one(NPP_POLL_RACED), ALL, ALL, EITHER, EITHER, EITHER,
	 NPP_TIMEOUT_DONE, 2 * 6 * 3 * 8},
	{"4 device gone", NOT_FOUND, ALL, ALL, NO, EITHER, EITHER,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 6 * 3 * 4},
	{"6 a reset is running", NOT_FOUND, one(NPP_RESETTING), ALL, YES, EITHER, NO,
	 NPP_TIMEOUT_EXTEND, 2 * 2 * 3 * 2},
	{"7 the reset's own command", NOT_FOUND, one(NPP_RESETTING), ALL, YES, EITHER, YES,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 3 * 2},
	{"7 bring-up", NOT_FOUND, one(NPP_STARTING), ALL, YES, EITHER, EITHER,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 3 * 4},
	{"7 removal, failed", NOT_FOUND, one(NPP_REMOVING) | one(NPP_FAILED), ALL, YES, EITHER, EITHER,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 2 * 3 * 4},
	{"5 channel offline", NOT_FOUND, one(NPP_LIVE), NOT_EXHAUSTED, YES, NO, EITHER,
	 NPP_TIMEOUT_EXTEND, 2 * 2 * 2 * 2},
	{"5 channel offline too long", NOT_FOUND, one(NPP_LIVE), one(NPP_EXTENSIONS_EXHAUSTED), YES, NO,
	 EITHER, NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 2},
	{"5 paused", NOT_FOUND, one(NPP_PAUSED), NOT_EXHAUSTED, YES, EITHER, EITHER,
	 NPP_TIMEOUT_EXTEND, 2 * 2 * 2 * 4},
	{"5 paused too long", NOT_FOUND, one(NPP_PAUSED), one(NPP_EXTENSIONS_EXHAUSTED), YES, EITHER,
	 EITHER, NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 4},
	{"8 nothing found", one(NPP_POLL_EMPTY), one(NPP_LIVE), ALL, YES, YES, EITHER,
	 NPP_TIMEOUT_RESET, 2 * 3 * 2},
	{"9 others found, first time", one(NPP_POLL_OTHERS), one(NPP_LIVE), one(NPP_EXTENSIONS_NONE),
	 YES, YES, EITHER, NPP_TIMEOUT_WAIT, 2 * 2},
	{"9 others found, again", one(NPP_POLL_OTHERS), one(NPP_LIVE), ~one(NPP_EXTENSIONS_NONE),
	 YES, YES, EITHER, NPP_TIMEOUT_RESET, 2 * 2 * 2},
};
// clang-format on

constexpr u32 ROWS = sizeof(rows) / sizeof(rows[0]);
constexpr u32 COMBINATIONS =
	u32{NPP_POLL_RESULTS} * u32{NPP_STATES} * u32{NPP_EXTENSIONS_VALUES} * 16;

npp_timeout_facts nth_facts(u32 n)
{
	npp_timeout_facts f;

	f.present = n & 1;
	f.channel_online = n & 2;
	f.fatal = n & 4;
	f.of_bring_up = n & 8;
	n >>= 4;
	f.poll = static_cast<npp_poll_result>(n % NPP_POLL_RESULTS);
	n /= NPP_POLL_RESULTS;
	f.state = static_cast<npp_state>(n % NPP_STATES);
	f.extensions = static_cast<npp_extensions>(n / NPP_STATES);
	return f;
}

constexpr bool fits(u32 wanted, bool fact)
{
	return wanted & (fact ? YES : NO);
}

bool fits(const Row &r, const npp_timeout_facts &f)
{
	return r.polls & one(f.poll) && r.states & one(f.state) &&
	       r.extensions & one(f.extensions) && fits(r.present, f.present) &&
	       fits(r.online, f.channel_online) && fits(r.of_bring_up, f.of_bring_up);
}

void policy_decides_every_combination_as_the_table_does()
{
	u32 decided[ROWS] = {};

	for (u32 n = 0; n < COMBINATIONS; n++) {
		const npp_timeout_facts f = nth_facts(n);
		u32 matching = 0;

		for (u32 row = 0; row < ROWS; row++) {
			if (!fits(rows[row], f))
				continue;
			matching++;
			decided[row]++;
			if (npp_decide_timeout(&f) != rows[row].step)
				test_fail(__FILE__, __LINE__, rows[row].why, npp_decide_timeout(&f),
					  rows[row].step);
		}
		EXPECT_EQ(matching, 1); // complete, and no two rows disagree
	}
	for (u32 row = 0; row < ROWS; row++)
		EXPECT_EQ(decided[row], rows[row].combinations);
}

u32 count_steps(npp_timeout_action step)
{
	u32 count = 0;

	for (u32 n = 0; n < COMBINATIONS; n++) {
		const npp_timeout_facts f = nth_facts(n);

		count += npp_decide_timeout(&f) == step;
	}
	return count;
}

void policy_steps_are_as_frequent_as_reckoned()
{
	EXPECT_EQ(COMBINATIONS, 1440);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_POLL), 288);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_DONE), 576);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_RESET), 12 + 8);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_WAIT), 4);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_EXTEND), 24 + 16 + 32);
	EXPECT_EQ(count_steps(NPP_TIMEOUT_FAIL_CTRL), 288 + 24 + 48 + 96 + 8 + 16);
}

npp_timeout_facts live_facts(npp_poll_result poll)
{
	npp_timeout_facts f{};

	f.poll = poll;
	f.state = NPP_LIVE;
	f.extensions = NPP_EXTENSIONS_NONE;
	f.present = f.channel_online = true;
	return f;
}

void policy_polls_before_it_acts()
{
	npp_timeout_facts f = live_facts(NPP_POLL_NOT_YET);

	f.fatal = true;
	f.present = false;
	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_POLL);
}

void policy_done_elsewhere_is_not_a_loss()
{
	const npp_timeout_facts f = live_facts(NPP_POLL_RACED);

	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_DONE);
}

void policy_resets_when_the_poll_found_nothing()
{
	const npp_timeout_facts f = live_facts(NPP_POLL_EMPTY);

	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_RESET);
}

bool later(npp_timeout_action step)
{
	return step == NPP_TIMEOUT_WAIT || step == NPP_TIMEOUT_EXTEND;
}

// As the C layer does it: look, step, one more extension with every extension.
u32 extensions_until_decided(npp_timeout_facts f, npp_timeout_action &last)
{
	u32 extensions = 0;

	while (later(last = npp_decide_timeout(&f)) && extensions < 10) {
		extensions++;
		f.extensions = f.extensions == NPP_EXTENSIONS_NONE ? NPP_EXTENSIONS_SOME
								   : NPP_EXTENSIONS_EXHAUSTED;
	}
	return extensions;
}

// Not for another timeout: that would be twice as long as anybody has asked for.
void policy_waits_a_moment_once_where_the_device_is_alive()
{
	const npp_timeout_facts f = live_facts(NPP_POLL_OTHERS);
	npp_timeout_action last;

	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_WAIT);
	EXPECT_EQ(extensions_until_decided(f, last), 1);
	EXPECT_EQ(last, NPP_TIMEOUT_RESET);
}

void policy_never_extends_for_ever_outside_a_reset()
{
	for (u32 n = 0; n < COMBINATIONS; n++) {
		npp_timeout_facts f = nth_facts(n);
		npp_timeout_action last;

		if (f.state == NPP_RESETTING && !f.of_bring_up)
			continue; // that one is bounded by the reset itself
		EXPECT(extensions_until_decided(f, last) <= 2);
		EXPECT(!later(last));
	}
}

// A handler that has been held up finds its command's controller asleep: nothing is
// reset, and nothing is given up at once.
void policy_waits_for_a_paused_controller()
{
	npp_timeout_facts f = live_facts(NPP_POLL_EMPTY);
	npp_timeout_action last;

	f.state = NPP_PAUSED;
	EXPECT_EQ(extensions_until_decided(f, last), 2);
	EXPECT_EQ(last, NPP_TIMEOUT_FAIL_CTRL);
}

void policy_survives_facts_that_do_not_exist()
{
	npp_timeout_facts f = live_facts(NPP_POLL_RESULTS);

	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_RESET);
	f.state = NPP_STATES;
	EXPECT_EQ(npp_decide_timeout(&f), NPP_TIMEOUT_FAIL_CTRL);
}

constexpr test::Case cases[] = {
	CASE(policy_decides_every_combination_as_the_table_does),
	CASE(policy_steps_are_as_frequent_as_reckoned),
	CASE(policy_polls_before_it_acts),
	CASE(policy_done_elsewhere_is_not_a_loss),
	CASE(policy_resets_when_the_poll_found_nothing),
	CASE(policy_waits_a_moment_once_where_the_device_is_alive),
	CASE(policy_never_extends_for_ever_outside_a_reset),
	CASE(policy_waits_for_a_paused_controller),
	CASE(policy_survives_facts_that_do_not_exist),
};

} // namespace

constinit const test::Group test::policy_cases = test::group(cases);
