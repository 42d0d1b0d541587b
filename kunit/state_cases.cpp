// SPDX-License-Identifier: GPL-2.0
// The controller's life against a table written a second time: for each state and
// event the next state, whether the worker is queued, and its next step.

#include "corpus.hpp"
#include "rig.hpp"

#include "ctrl_state.hpp"

namespace
{

// One letter a state, in the order of enum npp_state; '.' is a refusal.
constexpr char letters[] = "NLRCWPHFDXYZ";

// A capital letter: the worker is queued or goes on with the state after the colon.
struct Row {
	npp_ctrl_event event;
	bool held;
	// For each state: its next state's letter.
	const char *to;
	// 'q': queued, and for the worker's events t b s f w e; '.': nothing of these.
	const char *what;
};

// clang-format off
constexpr Row rows[] = {
	//                             NLRCWPHFDXYZ    NLRCWPHFDXYZ
	{NPP_EV_STARTED,     false, "L...........", "............"},
	{NPP_EV_RESET,       false, ".R..........", ".q.........."},
	{NPP_EV_RESET,       true,  ".R..........", ".q.........."},
	{NPP_EV_USER_RESET,  false, ".R..C...C...", ".q..q...q..."},
	{NPP_EV_USER_RESET,  true,  ".R..........", ".q.........."},
	{NPP_EV_HOLD,        true,  ".PPPHPHFD...", ".q.........."},
	{NPP_EV_RELEASE,     false, ".....RCFC...", "......q.q..."},
	{NPP_EV_RELEASE,     true,  "NLRCWPHFDXYZ", "............"},
	{NPP_EV_FAIL,        false, ".FFFFFF..ZZ.", ".q..q.q..q.."},
	{NPP_EV_DELETE,      false, ".XYYZYYZZ...", "....q.q....."},
	{NPP_EV_DELETE_NOIO, false, ".ZZZZZZZZZZ.", "............"},
	{NPP_EV_WORK_BEGINS, false, "..RCCP.F..YZ", "..tbbt.t..tt"},
	{NPP_EV_TORN_DOWN,   false, "..C..H.D..YZ", "..b..e.f..bf"},
	{NPP_EV_BROUGHT_UP,  false, "..RL.P.F..XZ", "..ts.t.t..st"},
	{NPP_EV_NOT_UP,      false, "..CWWH.D..ZZ", "..bwwe.f..ff"},
	{NPP_EV_LOST,        false, "..CDDH.D..ZZ", "..bffe.f..ff"},
};
// clang-format on

constexpr char step_letters[] = "etbsfw"; // enum npp_work_step

u32 index_of(const char *text, char letter)
{
	u32 i = 0;

	while (text[i] && text[i] != letter)
		i++;
	return i;
}

void expect_row(const Row &r, u32 s)
{
	const npp_state from = static_cast<npp_state>(s);
	const npp::Transition t = npp::transition(from, r.event, r.held);
	const bool refused = r.to[s] == '.';

	EXPECT_EQ(t.accepted, !refused);
	EXPECT_EQ(t.to, refused ? s : index_of(letters, r.to[s]));
	EXPECT_EQ(t.queue_work, r.what[s] == 'q');
	if (r.what[s] == '.' || r.what[s] == 'q')
		EXPECT_EQ(t.step, NPP_WORK_END);
	else
		EXPECT_EQ(t.step, index_of(step_letters, r.what[s]));
}

// Every state and event does what the table in src/README.md says, and no more.
void state_table_is_the_documented_one()
{
	u32 seen[NPP_EVS] = {};

	for (const Row &r : rows) {
		seen[r.event]++;
		for (u32 s = 0; s < NPP_STATES; s++)
			expect_row(r, s);
	}
	for (u32 e = 0; e < NPP_EVS; e++)
		EXPECT(seen[e] > 0);
}

// A value that no state or event has changes nothing.
void state_and_event_that_do_not_exist_are_refused()
{
	for (u32 e = 0; e <= NPP_EVS; e++) {
		const npp::Transition t =
			npp::transition(NPP_STATES, static_cast<npp_ctrl_event>(e), false);

		EXPECT(e == NPP_EV_DELETE_NOIO || e == NPP_EV_RELEASE || !t.accepted);
		EXPECT(!t.queue_work);
	}
	EXPECT(!npp::transition(NPP_LIVE, NPP_EVS, false).accepted);
}

struct Life {
	test::Rig &rig = test::fresh_rig();

	Life()
	{
		npp_ctrl_init(&rig.ctrl, &rig.dev, 12);
		apply(NPP_EV_STARTED);
	}
	npp_ctrl_move apply(npp_ctrl_event e, u32 holds = 0)
	{
		return npp_ctrl_apply(&rig.ctrl, e, holds);
	}
	// The worker, with each of its steps successful; returns its last step.
	npp_work_step run_worker()
	{
		npp_work_step step = apply(NPP_EV_WORK_BEGINS).step;

		for (u32 i = 0; i < 8; i++) {
			if (step == NPP_WORK_TEAR_DOWN)
				step = apply(NPP_EV_TORN_DOWN).step;
			else if (step == NPP_WORK_BRING_UP)
				step = apply(NPP_EV_BROUGHT_UP).step;
			else
				return step;
		}
		EXPECT(false); // it does not end
		return step;
	}
};

// A timeout queues the worker once, however many commands time out.
void state_reset_is_queued_once_and_serves_again()
{
	Life l;

	EXPECT(l.apply(NPP_EV_RESET).queue_work);
	EXPECT(!l.apply(NPP_EV_RESET).accepted);
	EXPECT(l.rig.state_is(NPP_RESETTING));
	EXPECT_EQ(l.run_worker(), NPP_WORK_SERVE_IO);
	EXPECT(l.rig.state_is(NPP_LIVE));
}

// Sleep, and meanwhile a function reset: both have to end their hold.
void state_paused_comes_up_when_the_last_holder_lets_go()
{
	Life l;

	EXPECT(l.apply(NPP_EV_HOLD, NPP_HOLD_SLEEP).queue_work);
	EXPECT_EQ(l.run_worker(), NPP_WORK_END);
	EXPECT(l.rig.state_is(NPP_PAUSED));
	EXPECT(l.apply(NPP_EV_HOLD, NPP_HOLD_FUNCTION).accepted);
	EXPECT(!l.apply(NPP_EV_RELEASE, NPP_HOLD_SLEEP).queue_work);
	EXPECT(l.rig.state_is(NPP_PAUSED));
	EXPECT(l.apply(NPP_EV_RELEASE, NPP_HOLD_FUNCTION).queue_work);
	EXPECT_EQ(l.run_worker(), NPP_WORK_SERVE_IO);
	EXPECT(l.rig.state_is(NPP_LIVE));
}

// A holder that comes in the middle of an attempt has it taken down again.
void state_hold_during_an_attempt_ends_down()
{
	Life l;

	l.apply(NPP_EV_RESET);
	l.apply(NPP_EV_WORK_BEGINS);
	l.apply(NPP_EV_TORN_DOWN);
	EXPECT(l.rig.state_is(NPP_CONNECTING));
	EXPECT(!l.apply(NPP_EV_HOLD, NPP_HOLD_SLEEP).queue_work);
	EXPECT_EQ(l.apply(NPP_EV_BROUGHT_UP).step, NPP_WORK_TEAR_DOWN);
	EXPECT_EQ(l.apply(NPP_EV_TORN_DOWN).step, NPP_WORK_END);
	EXPECT(l.rig.state_is(NPP_PAUSED));
}

// A failed attempt is followed by others until one succeeds: the disk stays.
void state_failed_attempts_wait_and_go_on()
{
	Life l;

	l.apply(NPP_EV_RESET);
	l.apply(NPP_EV_WORK_BEGINS);
	l.apply(NPP_EV_TORN_DOWN);
	for (u32 i = 0; i < 20; i++) {
		EXPECT_EQ(l.apply(NPP_EV_NOT_UP).step, NPP_WORK_WAIT);
		EXPECT(l.rig.state_is(NPP_RECONNECT_WAIT));
		EXPECT_EQ(l.apply(NPP_EV_WORK_BEGINS).step, NPP_WORK_BRING_UP);
	}
	EXPECT_EQ(l.apply(NPP_EV_BROUGHT_UP).step, NPP_WORK_SERVE_IO);
	EXPECT(l.rig.state_is(NPP_LIVE));
}

// ctrl_loss_tmo ends it; a user or a reset of the function brings it back.
void state_dead_is_revived()
{
	Life l;

	for (u32 way = 0; way < 2; way++) {
		l.apply(NPP_EV_RESET);
		l.apply(NPP_EV_WORK_BEGINS);
		l.apply(NPP_EV_TORN_DOWN);
		EXPECT_EQ(l.apply(NPP_EV_LOST).step, NPP_WORK_FAIL_IO);
		EXPECT(l.rig.state_is(NPP_DEAD));
		EXPECT(!l.apply(NPP_EV_RESET).accepted);
		if (way == 0) {
			EXPECT(l.apply(NPP_EV_USER_RESET).queue_work);
		} else {
			EXPECT(l.apply(NPP_EV_HOLD, NPP_HOLD_FUNCTION).accepted);
			EXPECT(!l.apply(NPP_EV_USER_RESET).accepted);
			EXPECT(l.apply(NPP_EV_RELEASE, NPP_HOLD_FUNCTION).queue_work);
		}
		EXPECT_EQ(l.run_worker(), NPP_WORK_SERVE_IO);
		EXPECT(l.rig.state_is(NPP_LIVE));
	}
}

// Removal in a reset: the disks are served once more; then nothing is queued any more.
void state_removal_lets_a_reset_end_and_nothing_follows()
{
	Life l;

	l.apply(NPP_EV_RESET);
	EXPECT(!l.apply(NPP_EV_DELETE).queue_work);
	EXPECT_EQ(l.run_worker(), NPP_WORK_SERVE_IO);
	EXPECT(l.rig.state_is(NPP_DELETING));
	EXPECT(!l.apply(NPP_EV_RESET).accepted);
	EXPECT(!l.apply(NPP_EV_HOLD, NPP_HOLD_ANY).accepted);
	EXPECT(l.apply(NPP_EV_DELETE_NOIO).accepted);
	for (u32 e = 0; e < NPP_EVS; e++) {
		EXPECT(!l.apply(static_cast<npp_ctrl_event>(e), NPP_HOLD_ANY).queue_work);
		EXPECT(l.rig.state_is(NPP_DELETING_NOIO));
	}
}

// A removal forgets who held the controller down.
void state_removal_of_a_paused_controller_brings_it_up()
{
	Life l;

	l.apply(NPP_EV_HOLD, NPP_HOLD_PCI_ERROR);
	l.run_worker();
	EXPECT(l.apply(NPP_EV_DELETE).queue_work);
	EXPECT_EQ(l.run_worker(), NPP_WORK_SERVE_IO);
	EXPECT(l.rig.state_is(NPP_DELETING));
}

// Where I/O waits, and where it fails, is derived from the state alone.
void state_says_what_becomes_of_io()
{
	constexpr char waits[] = "..RCWPH...Y.";
	constexpr char fails[] = ".......FD..Z";
	constexpr char workers[] = "..RC.P.F..Y.";

	for (u32 s = 0; s < NPP_STATES; s++) {
		const npp_state state = static_cast<npp_state>(s);

		EXPECT_EQ(npp_state_io_waits(state), waits[s] != '.');
		EXPECT_EQ(npp_state_io_fails(state), fails[s] != '.');
		EXPECT_EQ(npp_state_is_workers(state), workers[s] != '.');
	}
}

void state_names_are_distinct_and_upstreams_where_it_has_them()
{
	static constexpr const char *ours[] = {
		"new",    "live",    "resetting", "connecting", "reconnect-wait", "pausing",
		"paused", "failing", "dead",      "deleting",   "deleting-reset", "deleting-no-io",
		"unknown"};
	static constexpr const char *upstreams[] = {
		"new",          "live",      "resetting", "connecting",
		"connecting",   "resetting", "resetting", "resetting",
		"dead",         "deleting",  "deleting",  "deleting (no IO)",
		"unknown state"};

	for (u32 s = 0; s <= NPP_STATES; s++) {
		EXPECT(test::same_text(npp_state_name(static_cast<npp_state>(s)), ours[s]));
		EXPECT(test::same_text(npp_state_upstream_name(static_cast<npp_state>(s)),
				       upstreams[s]));
	}
}

constexpr test::Case cases[] = {
	CASE(state_table_is_the_documented_one),
	CASE(state_and_event_that_do_not_exist_are_refused),
	CASE(state_reset_is_queued_once_and_serves_again),
	CASE(state_paused_comes_up_when_the_last_holder_lets_go),
	CASE(state_hold_during_an_attempt_ends_down),
	CASE(state_failed_attempts_wait_and_go_on),
	CASE(state_dead_is_revived),
	CASE(state_removal_lets_a_reset_end_and_nothing_follows),
	CASE(state_removal_of_a_paused_controller_brings_it_up),
	CASE(state_says_what_becomes_of_io),
	CASE(state_names_are_distinct_and_upstreams_where_it_has_them),
};

} // namespace

constinit const test::Group test::state_cases = test::group(cases);
