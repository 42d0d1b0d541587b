// SPDX-License-Identifier: GPL-2.0
// The timeout policy over its whole input space, against the table of the design
// written a second time: rows of masks, of which exactly one fits.  The rows are
// counted, so that one that never decides is noticed.

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
constexpr u32 TORN_DOWN_SOON = one(NPP_RESETTING) | one(NPP_CONNECTING) | one(NPP_RECONNECT_WAIT) |
			       one(NPP_PAUSING) | one(NPP_PAUSED) | one(NPP_FAILING) |
			       one(NPP_DEAD) | one(NPP_DELETING_RESET) | one(NPP_DELETING_NOIO);
constexpr u32 NOT_EXHAUSTED = one(NPP_NOT_EXTENDED) | one(NPP_EXTENDED_ONCE);

struct Row {
	const char *why;
	u32 found, states, extensions; // bit n: value n fits
	u32 gone, online, of_bring_up; // YES, NO, EITHER
	npp_timeout_action action;
	u32 combinations; // that it decides, reckoned by hand; CSTS doubles all
};

// clang-format off
constexpr Row rows[] = {
	{"1 completed by this poll", one(NPP_POLL_COMPLETED), ALL, ALL, EITHER, EITHER, EITHER,
	 NPP_TIMEOUT_DONE, 2 * 12 * 3 * 8},
	{"2 completed elsewhere", one(NPP_POLL_RACED), ALL, ALL, EITHER, EITHER, EITHER,
	 NPP_TIMEOUT_DONE, 2 * 12 * 3 * 8},
	{"3 a bring-up's own command", NOT_FOUND, ALL, ALL, EITHER, EITHER, YES,
	 NPP_TIMEOUT_ABANDON, 2 * 2 * 12 * 3 * 4},
	{"3 probe", NOT_FOUND, one(NPP_NEW), ALL, EITHER, EITHER, NO,
	 NPP_TIMEOUT_ABANDON, 2 * 2 * 3 * 4},
	{"4 device gone", NOT_FOUND, ~one(NPP_NEW), ALL, YES, EITHER, NO,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 11 * 3 * 2},
	{"5 removal", NOT_FOUND, one(NPP_DELETING), ALL, NO, EITHER, NO,
	 NPP_TIMEOUT_FAIL_CTRL, 2 * 2 * 3 * 2},
	{"6 a teardown cancels it", NOT_FOUND, TORN_DOWN_SOON, ALL, NO, EITHER, NO,
	 NPP_TIMEOUT_EXTEND, 2 * 2 * 9 * 3 * 2},
	{"7 channel offline", NOT_FOUND, one(NPP_LIVE), NOT_EXHAUSTED, NO, NO, NO,
	 NPP_TIMEOUT_EXTEND, 2 * 2 * 2},
	{"7 channel offline too long", NOT_FOUND, one(NPP_LIVE), one(NPP_EXTENSIONS_EXHAUSTED), NO, NO,
	 NO, NPP_TIMEOUT_RESET, 2 * 2},
	{"8 nothing found", one(NPP_POLL_EMPTY), one(NPP_LIVE), ALL, NO, YES, NO,
	 NPP_TIMEOUT_RESET, 2 * 3},
	{"9 others found, first time", one(NPP_POLL_OTHERS), one(NPP_LIVE), one(NPP_NOT_EXTENDED), NO,
	 YES, NO, NPP_TIMEOUT_GRACE, 2},
	{"9 others found, again", one(NPP_POLL_OTHERS), one(NPP_LIVE), ~one(NPP_NOT_EXTENDED), NO,
	 YES, NO, NPP_TIMEOUT_RESET, 2 * 2},
};
// clang-format on

constexpr u32 ROWS = sizeof(rows) / sizeof(rows[0]);
constexpr u32 COMBINATIONS = u32{NPP_POLLS} * u32{NPP_STATES} * u32{NPP_EXTENSIONS} * 16;

struct Input {
	npp_timeout_facts f{};
	npp_poll_result found{};

	npp_timeout_action action() const { return npp_decide_timeout(&f, found); }
};

Input nth_input(u32 n)
{
	Input i;

	i.f.gone = n & 1;
	i.f.channel_online = n & 2;
	i.f.fatal = n & 4;
	i.f.of_bring_up = n & 8;
	n >>= 4;
	i.found = static_cast<npp_poll_result>(n % NPP_POLLS);
	n /= NPP_POLLS;
	i.f.state = static_cast<npp_state>(n % NPP_STATES);
	i.f.extensions = static_cast<npp_extensions>(n / NPP_STATES);
	return i;
}

constexpr bool fits(u32 wanted, bool fact)
{
	return wanted & (fact ? YES : NO);
}

bool fits(const Row &r, const Input &i)
{
	return r.found & one(i.found) && r.states & one(i.f.state) &&
	       r.extensions & one(i.f.extensions) && fits(r.gone, i.f.gone) &&
	       fits(r.online, i.f.channel_online) && fits(r.of_bring_up, i.f.of_bring_up);
}

// One row fits each combination, and decides it; no row is there for nothing.
void policy_decides_every_combination_as_the_table_does()
{
	u32 decided[ROWS] = {};

	for (u32 n = 0; n < COMBINATIONS; n++) {
		const Input i = nth_input(n);
		u32 matching = 0;

		for (u32 row = 0; row < ROWS; row++) {
			if (!fits(rows[row], i))
				continue;
			matching++;
			decided[row]++;
			if (i.action() != rows[row].action)
				test_fail(__FILE__, __LINE__, rows[row].why, i.action(),
					  rows[row].action);
		}
		EXPECT_EQ(matching, 1); // complete, and no two rows disagree
	}
	for (u32 row = 0; row < ROWS; row++)
		EXPECT_EQ(decided[row], rows[row].combinations);
}

u32 count_actions(npp_timeout_action action)
{
	u32 count = 0;

	for (u32 n = 0; n < COMBINATIONS; n++)
		count += nth_input(n).action() == action;
	return count;
}

void policy_actions_are_as_frequent_as_reckoned()
{
	EXPECT_EQ(COMBINATIONS, 2304);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_DONE), 2 * 576);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_FAIL_CTRL), 264 + 24);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_ABANDON), 576 + 48);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_EXTEND), 216 + 8);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_RESET), 4 + 6 + 4);
	EXPECT_EQ(count_actions(NPP_TIMEOUT_GRACE), 2);
}

Input live_input(npp_poll_result found)
{
	Input i;

	i.found = found;
	i.f.state = NPP_LIVE;
	i.f.channel_online = true;
	return i;
}

// The interrupt was lost and the poll completed the command: nothing is reset.
void policy_completed_by_the_poll_is_done()
{
	EXPECT_EQ(live_input(NPP_POLL_COMPLETED).action(), NPP_TIMEOUT_DONE);
}

// The handler was faster: nothing was lost either.
void policy_race_with_the_handler_is_done()
{
	EXPECT_EQ(live_input(NPP_POLL_RACED).action(), NPP_TIMEOUT_DONE);
}

void policy_resets_where_the_poll_found_nothing()
{
	EXPECT_EQ(live_input(NPP_POLL_EMPTY).action(), NPP_TIMEOUT_RESET);
}

// CSTS.CFS, or one register that reads as all-ones, is a reset and nothing more.
void policy_fatal_status_resets_and_does_not_fail()
{
	Input i = live_input(NPP_POLL_EMPTY);

	i.f.fatal = true;
	EXPECT_EQ(i.action(), NPP_TIMEOUT_RESET);
}

bool later(npp_timeout_action action)
{
	return action == NPP_TIMEOUT_GRACE || action == NPP_TIMEOUT_EXTEND;
}

// As the C layer does it: one extension more each time.
u32 extensions_until_decided(Input i, npp_timeout_action &last)
{
	u32 extensions = 0;

	while (later(last = i.action()) && extensions < 10) {
		extensions++;
		i.f.extensions = i.f.extensions == NPP_NOT_EXTENDED ? NPP_EXTENDED_ONCE
								    : NPP_EXTENSIONS_EXHAUSTED;
	}
	return extensions;
}

// Not for another timeout: that would be twice as long as the user has asked for.
void policy_grants_one_grace_period_where_the_device_is_alive()
{
	const Input i = live_input(NPP_POLL_OTHERS);
	npp_timeout_action last;

	EXPECT_EQ(i.action(), NPP_TIMEOUT_GRACE);
	EXPECT_EQ(extensions_until_decided(i, last), 1);
	EXPECT_EQ(last, NPP_TIMEOUT_RESET);
}

// A root port that never recovers: after two extensions attempts begin, and the disk
// is failed by ctrl_loss_tmo only.
void policy_offline_channel_is_reset_in_the_end()
{
	Input i = live_input(NPP_POLL_EMPTY);
	npp_timeout_action last;

	i.f.channel_online = false;
	EXPECT_EQ(extensions_until_decided(i, last), 2);
	EXPECT_EQ(last, NPP_TIMEOUT_RESET);
}

void policy_never_extends_for_ever_while_live()
{
	for (u32 n = 0; n < COMBINATIONS; n++) {
		const Input i = nth_input(n);
		npp_timeout_action last;

		if (i.f.state != NPP_LIVE)
			continue; // a teardown ends the command
		EXPECT(extensions_until_decided(i, last) <= 2);
		EXPECT(!later(last));
	}
}

void policy_survives_facts_that_do_not_exist()
{
	Input i = live_input(NPP_POLLS);

	EXPECT_EQ(i.action(), NPP_TIMEOUT_RESET);
	i.f.state = NPP_STATES;
	EXPECT_EQ(i.action(), NPP_TIMEOUT_EXTEND);
}

constexpr test::Case cases[] = {
	CASE(policy_decides_every_combination_as_the_table_does),
	CASE(policy_actions_are_as_frequent_as_reckoned),
	CASE(policy_completed_by_the_poll_is_done),
	CASE(policy_race_with_the_handler_is_done),
	CASE(policy_resets_where_the_poll_found_nothing),
	CASE(policy_fatal_status_resets_and_does_not_fail),
	CASE(policy_grants_one_grace_period_where_the_device_is_alive),
	CASE(policy_offline_channel_is_reset_in_the_end),
	CASE(policy_never_extends_for_ever_while_live),
	CASE(policy_survives_facts_that_do_not_exist),
};

} // namespace

constinit const test::Group test::policy_cases = test::group(cases);
