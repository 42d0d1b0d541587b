// SPDX-License-Identifier: GPL-2.0
// A user's: resets (state.c), and a limit that is changed (ctrl_attrs.c).

#include "life_scripts.hpp"

namespace interleave::life
{

namespace
{

// npp_user_reset()
bool user_resets(Turn &t)
{
	if (!t.s.resets_left || t.s.sysfs_gone)
		return false;
	t.s.resets_left--;
	t.a.kept = request(t, NPP_EV_USER_RESET);
	return true;
}

// Then the next one.
bool user_flushed(Turn &t)
{
	if (!flushed(t))
		return false;
	t.a = Actor{};
	t.a.at--;
	return true;
}

constexpr Step user[] = {user_resets, user_settled, user_flush_begins, user_flushed};

bool change_limit(Turn &t)
{
	if (t.s.sysfs_gone)
		return false;
	t.s.ctrl_loss_s = 0;
	return true;
}

// npp_limits_changed()
bool limits_changed(Turn &t)
{
	if (npp_ctrl_state(&t.s.ctrl) == NPP_RECONNECT_WAIT && !t.v.no_kick)
		queue_worker(t);
	return true;
}

constexpr Step limit[] = {change_limit, limits_changed};

} // namespace

constinit const Script user_script = script(user);
constinit const Script limit_script = script(limit);

} // namespace interleave::life
