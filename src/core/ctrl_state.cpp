// SPDX-License-Identifier: GPL-2.0
// The controller's state, as everybody else sees and changes it.

#include "controller.hpp"

namespace npp
{

bool Controller::set_state(npp_state to)
{
	if (!can_change(state_now, to))
		return false;
	__atomic_store_n(&state_now, to, __ATOMIC_RELEASE);
	return true;
}

} // namespace npp

using npp::controller;

extern "C" {

bool npp_ctrl_set_state(npp_ctrl *c, npp_state to)
{
	return controller(c).set_state(to);
}

npp_state npp_ctrl_state(const npp_ctrl *c)
{
	return controller(c).state();
}

const char *npp_state_name(npp_state state)
{
	switch (state) {
	case NPP_STARTING:
		return "starting";
	case NPP_LIVE:
		return "live";
	case NPP_RESETTING:
		return "resetting";
	case NPP_PAUSED:
		return "paused";
	case NPP_REMOVING:
		return "removing";
	case NPP_FAILED:
		return "failed";
	case NPP_STATES:
		break;
	}
	return "unknown";
}

} // extern "C"
