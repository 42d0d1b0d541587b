// SPDX-License-Identifier: GPL-2.0
// All but the worker that change a controller's state, each as a script: a user's reset
// (state.c), sleep (pm.c), resets of the function and PCI errors (err_handler.c), removal
// and shutdown (pci.c), a limit that is changed (ctrl_attrs.c).

#include "life.hpp"

namespace interleave::life
{

namespace
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

// npp_wait_settled()
bool settled(Turn &t)
{
	return t.v.no_wait || !npp_state_is_workers(npp_ctrl_state(&t.s.ctrl));
}

// flush_work(): until the run ends that is queued, or going on, now.
bool flush_begins(Turn &t)
{
	t.a.kept = static_cast<u8>(t.s.begun + t.s.queued);
	return true;
}

bool flushed(Turn &t)
{
	return t.s.ended >= t.a.kept;
}

template <npp_ctrl_event event, u32 holds = 0> bool requests(Turn &t)
{
	request(t, event, holds);
	return true;
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

bool undrain(Turn &t)
{
	t.s.draining = 0;
	return true;
}

// The hardware is another's: the system's that sleeps, or the PCI core's.
bool take_hardware(Turn &t)
{
	if (t.s.owner)
		t.broken = "two own the hardware";
	if (t.s.enabled)
		t.broken = "the hardware is taken away from queues that serve";
	t.s.owner = static_cast<u8>(t.who + 1);
	return true;
}

bool free_irqs(Turn &t)
{
	t.s.irqs = 0;
	return take_hardware(t);
}

bool give_back_hardware(Turn &t)
{
	t.s.owner = 0;
	return true;
}

bool function_is_reset(Turn &t)
{
	t.s.answers |= !t.v.mute;
	return give_back_hardware(t);
}

constexpr Step sleep[] = {
	lock_device,
	drain,
	drained,
	requests<NPP_EV_HOLD, NPP_HOLD_SLEEP>,
	settled,
	free_irqs,
	give_back_hardware,
	requests<NPP_EV_RELEASE, NPP_HOLD_SLEEP>,
	settled,
	undrain,
	unlock_device,
};
constexpr u8 SLEEP_DRAINED = 2, SLEEP_UNDRAIN = 9;
static_assert(sleep[SLEEP_DRAINED] == drained && sleep[SLEEP_UNDRAIN] == undrain);

constexpr Step function_reset[] = {
	lock_device,       requests<NPP_EV_HOLD, NPP_HOLD_FUNCTION>,    settled, take_hardware,
	function_is_reset, requests<NPP_EV_RELEASE, NPP_HOLD_FUNCTION>, settled, unlock_device,
};

bool queue_hold_work(Turn &t)
{
	const bool paused = npp_ctrl_state(&t.s.ctrl) == NPP_PAUSED;

	t.s.hold_work = paused || !t.v.hold_of_dead;
	return true;
}

bool cancel_hold_work(Turn &t)
{
	t.s.hold_work = 0;
	return true;
}

constexpr Step pci_error[] = {
	lock_device,   requests<NPP_EV_HOLD, NPP_HOLD_PCI_ERROR>, settled, queue_hold_work,
	unlock_device,
};

// npp_user_reset()
bool user_resets(Turn &t)
{
	if (!t.s.resets_left || t.s.sysfs_gone)
		return false;
	t.s.resets_left--;
	t.a.kept = request(t, NPP_EV_USER_RESET);
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

constexpr Script none = {nullptr, 0};

} // namespace

Script script_of(const Variant &v, u8 who)
{
	switch (who) {
	case USER:
		return script(user);
	case SLEEP:
		return v.suspends ? script(sleep) : none;
	case FUNCTION:
		return v.resets_function ? script(function_reset) : none;
	case ERROR:
		return v.pci_error ? script(pci_error) : none;
	case REMOVAL:
		return v.removed ? script(removal) : v.shut_down ? script(shutdown) : none;
	case LIMIT:
		return v.limit_changes ? script(limit) : none;
	default:
		return none;
	}
}

// Commands are in flight for too long: sleep is refused, shutdown goes on.
bool drain_fails(Turn &t)
{
	Actor &sleeper = t.s.actors[SLEEP];
	Actor &leaver = t.s.actors[REMOVAL];

	if (t.v.suspends && sleeper.at == SLEEP_DRAINED) {
		sleeper.at = SLEEP_UNDRAIN;
		return true;
	}
	if (t.v.shut_down && leaver.at == SHUTDOWN_DRAINED) {
		leaver.at++;
		t.s.excused = 1;
		return true;
	}
	return false;
}

bool hold_work_step(Turn &t)
{
	if (!t.s.hold_work)
		return false;
	t.s.hold_work = 0;
	request(t, NPP_EV_RELEASE, NPP_HOLD_PCI_ERROR);
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
