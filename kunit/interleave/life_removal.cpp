// SPDX-License-Identifier: GPL-2.0
// Those that end a controller: removal and shutdown (pci.c).

#include "life_scripts.hpp"

namespace interleave::life
{

namespace
{

// npp_last_attempt()
bool last_attempt(Turn &t)
{
	t.a.kept = npp_ctrl_state(&t.s.ctrl) == NPP_RECONNECT_WAIT && !t.s.gone &&
		   request(t, NPP_EV_USER_RESET);
	return true;
}

bool check_gone(Turn &t)
{
	if (t.s.gone)
		request(t, NPP_EV_FAIL);
	t.s.removal_work = !t.v.no_bound;
	return true;
}

// Waits for those who are in an attribute.
bool remove_sysfs(Turn &t)
{
	if (t.s.actors[USER].at || t.s.actors[LIMIT].at == 1)
		return false;
	t.s.sysfs_gone = 1;
	return true;
}

bool remove_disks(Turn &t)
{
	if (!drained(t))
		return false;
	t.s.disks_gone = 1;
	t.s.removal_work = 0;
	return true;
}

// npp_end_io()
bool end_io(Turn &t)
{
	if (!t.v.no_noio)
		request(t, NPP_EV_DELETE_NOIO);
	t.s.queued |= t.s.armed; // flush_delayed_work()
	t.s.armed = 0;
	return flush_begins(t);
}

bool io_ended(Turn &t)
{
	if (!t.v.no_flush && !flushed(t))
		return false;
	t.s.io_ended = 1;
	return true;
}

bool tear_down(Turn &t)
{
	tear_down_begins(t);
	return true;
}

bool torn_down(Turn &t)
{
	tear_down_ends(t);
	return true;
}

bool destroy(Turn &t)
{
	if (t.s.queued || t.s.armed || t.s.begun != t.s.ended)
		t.broken = "the controller is freed under its worker";
	t.s.irqs = 0;
	t.s.destroyed = 1;
	return true;
}

constexpr Step removal[] = {
	lock_device,
	cancel_hold_work,
	last_attempt,
	user_settled,
	user_flush_begins,
	flushed,
	requests<NPP_EV_DELETE>,
	settled,
	check_gone,
	remove_sysfs,
	remove_disks,
	end_io,
	io_ended,
	tear_down,
	torn_down,
	destroy,
	unlock_device,
};

bool quiesce_disks(Turn &t)
{
	quiesce(t.s);
	return true;
}

bool disks_quiesced(Turn &t)
{
	return is_quiesced(t);
}

bool fail_io(Turn &t)
{
	unquiesce(t.s, true);
	return true;
}

constexpr Step shutdown[] = {
	lock_device,   cancel_hold_work, drain,     drained,   end_io,  io_ended,
	quiesce_disks, disks_quiesced,   tear_down, torn_down, fail_io, unlock_device,
};
constexpr u8 SHUTDOWN_DRAINED = 3;
static_assert(shutdown[SHUTDOWN_DRAINED] == drained);

} // namespace

constinit const Script removal_script = script(removal);
constinit const Script shutdown_script = script(shutdown);

// Commands are in flight for too long: shutdown goes on.
bool shutdown_drain_fails(Turn &t)
{
	Actor &leaver = t.s.actors[REMOVAL];

	if (!t.v.shut_down || leaver.at != SHUTDOWN_DRAINED)
		return false;
	leaver.at++;
	t.s.excused = 1;
	return true;
}

// What is removed has waited for two timeouts, or a minute.
bool removal_work_step(Turn &t)
{
	if (!t.s.removal_work || drained(t))
		return false;
	t.s.removal_work = 0;
	request(t, NPP_EV_FAIL);
	return true;
}

} // namespace interleave::life
