// SPDX-License-Identifier: GPL-2.0
// The controller's state, as everybody else sees and changes it.

#include "controller.hpp"
#include "ctrl_state_proof.hpp"

namespace npp
{

// Holds are kept only where they are accepted, and end with a removal.
npp_ctrl_move Controller::apply(npp_ctrl_event event, u32 which)
{
	u32 next = held_by;

	if (event == NPP_EV_HOLD)
		next |= which;
	else if (event == NPP_EV_RELEASE)
		next &= ~which;
	const Transition t = transition(state_now, event, next != 0);
	if (t.accepted) {
		held_by = is_removal(t.to) ? 0 : next;
		__atomic_store_n(&state_now, t.to, __ATOMIC_RELEASE);
	}
	return {t.accepted, t.queue_work, t.step};
}

namespace
{

struct Name {
	const char *ours;
	const char *upstream;
};

constexpr Name names[NPP_STATES + 1] = {
	{"new", "new"},
	{"live", "live"},
	{"resetting", "resetting"},
	{"connecting", "connecting"},
	{"reconnect-wait", "connecting"},
	{"pausing", "resetting"},
	{"paused", "resetting"},
	{"failing", "resetting"},
	{"dead", "dead"},
	{"deleting", "deleting"},
	{"deleting-reset", "deleting"},
	{"deleting-no-io", "deleting (no IO)"},
	{"unknown", "unknown state"},
};

const Name &name_of(npp_state state)
{
	return names[state < NPP_STATES ? state : NPP_STATES];
}

} // namespace

} // namespace npp

using npp::controller;

extern "C" {

npp_ctrl_move npp_ctrl_apply(npp_ctrl *c, npp_ctrl_event event, u32 holds)
{
	return controller(c).apply(event, holds);
}

npp_state npp_ctrl_state(const npp_ctrl *c)
{
	return controller(c).state();
}

const char *npp_state_name(npp_state state)
{
	return npp::name_of(state).ours;
}

const char *npp_state_upstream_name(npp_state state)
{
	return npp::name_of(state).upstream;
}

bool npp_state_io_waits(npp_state state)
{
	return npp::io_waits(state);
}

bool npp_state_io_fails(npp_state state)
{
	return npp::io_fails(state);
}

bool npp_state_is_removal(npp_state state)
{
	return npp::is_removal(state);
}

bool npp_state_is_workers(npp_state state)
{
	return npp::is_workers(state);
}

} // extern "C"
