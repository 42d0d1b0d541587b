// SPDX-License-Identifier: GPL-2.0
// state-table: prints what the state machine does with each event in each state, as the
// tables of src/README.md; scripts/state-table compares them.

#include "ctrl_state.hpp"

#include <cstdio>

namespace
{

struct Column {
	const char *title;
	npp_ctrl_event event;
	bool held;
};

constexpr Column requests[] = {
	{"started", NPP_EV_STARTED, false},
	{"reset", NPP_EV_RESET, false},
	{"user's reset", NPP_EV_USER_RESET, false},
	{"the same while held", NPP_EV_USER_RESET, true},
	{"hold", NPP_EV_HOLD, true},
	{"release", NPP_EV_RELEASE, false},
	{"release, another hold left", NPP_EV_RELEASE, true},
	{"fail", NPP_EV_FAIL, false},
	{"delete", NPP_EV_DELETE, false},
	{"delete, no I/O", NPP_EV_DELETE_NOIO, false},
};

constexpr Column reports[] = {
	{"begins", NPP_EV_WORK_BEGINS, false},
	{"torn down", NPP_EV_TORN_DOWN, false},
	{"brought up", NPP_EV_BROUGHT_UP, false},
	{"not up", NPP_EV_NOT_UP, false},
	{"lost", NPP_EV_LOST, false},
};

static_assert(sizeof(requests) / sizeof(requests[0]) - 2 + sizeof(reports) / sizeof(reports[0]) ==
		      NPP_EVS,
	      "each event has a column; two of them differ by whether the controller is held");

const char *step_name(npp_work_step step)
{
	switch (step) {
	case NPP_WORK_TEAR_DOWN:
		return "tear down";
	case NPP_WORK_BRING_UP:
		return "bring up";
	case NPP_WORK_SERVE_IO:
		return "serve I/O";
	case NPP_WORK_FAIL_IO:
		return "fail I/O";
	case NPP_WORK_WAIT:
		return "wait";
	default:
		return "end";
	}
}

const char *io_of(npp_state s)
{
	return npp::io_waits(s) ? "waits" : npp::io_fails(s) ? "fails" : "served";
}

void print_request(const Column &c, npp_state s)
{
	const npp::Transition t = npp::transition(s, c.event, c.held);

	if (t.accepted)
		printf(" %s%s", t.to == s ? "=" : npp_state_name(t.to), t.queue_work ? " +" : "");
	printf(" |");
}

void print_report(const Column &c, npp_state s)
{
	const npp::Transition t = npp::transition(s, c.event, c.held);

	if (t.accepted)
		printf(" %s, %s", t.to == s ? "=" : npp_state_name(t.to), step_name(t.step));
	printf(" |");
}

template <unsigned N> void print_table(const char *second, const char *(*second_of)(npp_state),
				       const Column (&columns)[N],
				       void (*print_cell)(const Column &, npp_state))
{
	printf("| state | %s |", second);
	for (const Column &c : columns)
		printf(" %s |", c.title);
	printf("\n|---|---|");
	for (unsigned i = 0; i < N; i++)
		printf("---|");
	for (int i = 0; i < NPP_STATES; i++) {
		const npp_state s = static_cast<npp_state>(i);

		printf("\n| %s | %s |", npp_state_name(s), second_of(s));
		for (const Column &c : columns)
			print_cell(c, s);
	}
	printf("\n");
}

const char *owner_of(npp_state s)
{
	return npp::is_workers(s) ? "worker's" : "";
}

} // namespace

int main()
{
	print_table("I/O", io_of, requests, print_request);
	printf("\n");
	print_table("hardware", owner_of, reports, print_report);
	return 0;
}
