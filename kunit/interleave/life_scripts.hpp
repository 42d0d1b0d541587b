// SPDX-License-Identifier: GPL-2.0
// All but the worker that change a controller's state have a script each.  Those of one
// cause are in one file; here are the steps that they share.
#pragma once

#include "life.hpp"

namespace interleave::life
{

// life_user.cpp
extern const Script user_script, limit_script;

// life_holds.cpp
extern const Script sleep_script, function_reset_script, pci_error_script;
bool sleep_drain_fails(Turn &t);

// life_removal.cpp
extern const Script removal_script, shutdown_script;
bool shutdown_drain_fails(Turn &t);

// life_scripts.cpp
bool lock_device(Turn &t);
bool unlock_device(Turn &t);
bool settled(Turn &t);      // npp_wait_settled()
bool flush_begins(Turn &t); // flush_work(): until the run ends that is queued, or going on, now
bool flushed(Turn &t);
bool drain(Turn &t);
bool drained(Turn &t);
bool cancel_hold_work(Turn &t);

// After a user's reset, if it was accepted.
bool user_settled(Turn &t);
bool user_flush_begins(Turn &t);

template <npp_ctrl_event event, u32 holds = 0> bool requests(Turn &t)
{
	request(t, event, holds);
	return true;
}

} // namespace interleave::life
