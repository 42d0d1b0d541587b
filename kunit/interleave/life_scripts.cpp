// SPDX-License-Identifier: GPL-2.0
// Who has which script, and the steps that scripts share.

#include "life_scripts.hpp"

namespace interleave::life
{

bool lock_device(Turn &t)
{
	if (t.s.device_lock || t.s.destroyed || t.s.io_ended)
		return false;
	t.s.device_lock = static_cast<u8>(t.who + 1);
	return true;
}

bool unlock_device(Turn &t)
{
	t.s.device_lock = 0;
	return true;
}

bool settled(Turn &t)
{
	return t.v.no_wait || !npp_state_is_workers(npp_ctrl_state(&t.s.ctrl));
}

bool flush_begins(Turn &t)
{
	t.a.kept = static_cast<u8>(t.s.begun + t.s.queued);
	return true;
}

bool flushed(Turn &t)
{
	return t.s.ended >= t.a.kept;
}

bool drain(Turn &t)
{
	t.s.draining = 1;
	return true;
}

bool drained(Turn &t)
{
	for (const Request &r : t.s.requests)
		if (!is_done(r))
			return false;
	return true;
}

bool cancel_hold_work(Turn &t)
{
	t.s.hold_work = 0;
	return true;
}

bool user_settled(Turn &t)
{
	return !t.a.kept || settled(t);
}

bool user_flush_begins(Turn &t)
{
	return !t.a.kept || flush_begins(t);
}

namespace
{
constexpr Script none = {nullptr, 0};
} // namespace

Script script_of(const Variant &v, u8 who)
{
	switch (who) {
	case USER:
		return user_script;
	case SLEEP:
		return v.suspends ? sleep_script : none;
	case FUNCTION:
		return v.resets_function ? function_reset_script : none;
	case ERROR:
		return v.pci_error ? pci_error_script : none;
	case REMOVAL:
		return v.removed ? removal_script : v.shut_down ? shutdown_script : none;
	case LIMIT:
		return v.limit_changes ? limit_script : none;
	default:
		return none;
	}
}

bool drain_fails(Turn &t)
{
	return sleep_drain_fails(t) || shutdown_drain_fails(t);
}

} // namespace interleave::life
