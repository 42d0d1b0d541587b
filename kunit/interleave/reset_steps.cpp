// SPDX-License-Identifier: GPL-2.0
// The steps of a reset: see steps.hpp.

#include "steps.hpp"

namespace interleave
{

namespace
{

void cancel(State &s)
{
	for (Request &r : s.requests)
		r.in_flight = 0;
}

// The controller, as new, with its queue, which may be shorter.
void restart(State &s, const Variant &v, const char *&broken)
{
	for (const Actor &a : s.actors)
		if (a.reaper.at && !v.unwatched_rings)
			broken = "the rings are cleared under a reaper";
	stores_come_late(s, v);
	s.depth = v.shorter ? DEPTH - 1 : DEPTH;
	s.ring.restart(s.depth);
	for (u16 tag = 0; tag < TAGS; tag++)
		npp::Slot::forget(s.slots[tag], tag);
	for (Command &c : s.commands)
		c = Command{};
	s.actors[DEVICE] = Actor{};
	s.device_tail = s.device_head = 0;
	s.device_phase = 1;
}

bool all_done(const State &s)
{
	return !s.submissions_left && !s.requests[0].in_flight && !s.requests[1].in_flight;
}

bool is_running(const State &s)
{
	return s.irq < LINES && s.lines[s.irq].running;
}

// blk_sync_queue() waits for them; a poll by the watchdog or a lost interrupt is not
// waited for, and finds the queue offline.
bool is_timeout_handled(const State &s)
{
	return s.actors[TIMEOUT0].at || s.actors[TIMEOUT1].at;
}

// npp_queue_offline(), from @first to @first + 3; true when it is over.
bool offline_step(State &s, const Variant &v, Actor &a, u8 first, bool &moved)
{
	enum { LOCK, OFFLINE, WAIT };

	moved = true;
	switch (a.at - first) {
	case LOCK:
		moved = v.no_irq_lock || lock(s.irq_lock, RESET + 1);
		break;
	case OFFLINE: // under the poll lock
		moved = !s.poll_lock || v.no_offline_lock || v.no_poll_lock;
		s.offline = moved && !v.no_offline;
		break;
	case WAIT:
		moved = !is_running(s) || v.no_offline_wait;
		break;
	default:
		if (!v.no_irq_lock)
			s.irq_lock = 0;
		return true;
	}
	a.at = static_cast<u8>(a.at + moved);
	return false;
}

// npp_queue_online(), in one; false while another has a lock.
bool go_online(State &s, const Variant &v)
{
	if ((s.irq_lock && !v.no_irq_lock) || (s.poll_lock && !v.no_poll_lock))
		return false;
	s.offline = 0;
	return true;
}

// npp_irq_release() and npp_irq_request(), around sleep: another number each time.
bool release_irq(State &s, const Variant &v)
{
	if ((s.irq_lock && !v.no_irq_lock) || s.lines[s.irq].running)
		return false;
	s.lines[s.irq] = Line{};
	return true;
}

void request_irq(State &s)
{
	s.irq ^= 1;
	s.lines[s.irq] = Line{1, 1, 0, 0, 0};
}

} // namespace

// The reset worker: npp_quiesce_disks(), npp_tear_down(), npp_bring_up(),
// npp_unquiesce_disks(); with npp_free_irqs() between them where the system sleeps.
bool reset_step(State &s, const Variant &v, Actor &a, const char *&broken)
{
	enum {
		IDLE,
		QUIESCE,
		DRAIN,
		FINISH,
		DISABLE,
		OFFLINE,
		SET_OFFLINE,
		OFFLINE_WAITS,
		OFFLINE_UNLOCKS,
		QUIT,
		STOP_TIMER,
		LAST_REAP,
		REAP_LAST_SAYS,
		REAPING_LAST,
		REAP_LAST_SAID,
		REAP_LAST_UNLOCKS,
		REAPED,
		CANCEL,
		ENDED,
		FREE_IRQ,
		REQUEST_IRQ,
		RESTART,
		ONLINE,
		RESUME
	};
	const u8 last_reap = v.no_pending_reap ? u8{REAPED} : u8{LAST_REAP};
	const u8 quit = v.timer ? u8{QUIT} : last_reap;
	const u8 offline_next = v.late_offline ? u8{CANCEL} : v.early_quit ? last_reap : quit;
	const u8 disabled_next = v.early_quit ? quit : v.late_offline ? quit : u8{OFFLINE};
	const u8 quit_next = v.early_quit ? u8{OFFLINE} : last_reap;
	bool moved;

	switch (a.at) {
	case IDLE:
		if (v.removal && s.resets_left && all_done(s)) {
			s.resetting = 1;
			s.resets_left--;
		}
		a.at = s.resetting ? QUIESCE : IDLE;
		return s.resetting;
	case QUIESCE:
		s.quiesced = 1;
		a.at = DRAIN;
		return true;
	case DRAIN:
		if (!v.no_drain && is_timeout_handled(s))
			return false;
		a.at = v.no_finish ? DISABLE : FINISH;
		return true;
	case FINISH: // npp_sync_cq(), in one: there is nothing more to begin to reap
		if (s.irq_lock || is_running(s) || s.poll_lock)
			return false;
		a.at = DISABLE;
		return true;
	case DISABLE:
		if (v.removal && s.device_tail != s.device_head)
			broken = untold;
		if (v.early_cancel)
			cancel(s);
		else
			s.device_enabled = 0;
		a.at = disabled_next;
		return true;
	case OFFLINE:
	case SET_OFFLINE:
	case OFFLINE_WAITS:
	case OFFLINE_UNLOCKS:
		if (offline_step(s, v, a, OFFLINE, moved))
			a.at = offline_next;
		return moved;
	case QUIT: // npp_fallback_poll_quit()
		if (!lock(s.health_lock, RESET + 1))
			return false;
		s.timer_wanted = 0;
		a.at = STOP_TIMER;
		return true;
	case STOP_TIMER: // and npp_set_fallback_poll(), which waits for the handler
		if (s.actors[TIMER].at || s.irq_lock || is_running(s))
			return false;
		s.fallback_poll = 0;
		s.health_lock = 0;
		a.at = quit_next;
		return true;
	case LAST_REAP:
	case REAP_LAST_SAYS:
	case REAPING_LAST:
	case REAP_LAST_SAID:
	case REAP_LAST_UNLOCKS:
		if (reap_outside(s, v, a, RESET + 1, LAST_REAP, broken, moved))
			a.at = REAPED;
		return moved;
	case REAPED:
		s.device_enabled = 0;
		a.at = v.late_offline ? OFFLINE : CANCEL;
		return true;
	case CANCEL:
		for (u32 tag = 0; tag < TAGS; tag++)
			if (s.requests[tag].in_flight && !s.commands[tag].known)
				broken = "a request that the device has answered is cancelled";
		cancel(s);
		a.at = ENDED;
		return true;
	case ENDED: // blk_mq_tagset_wait_completed_request()
		if (s.requests[0].gathered || s.requests[1].gathered)
			return false;
		a.at = v.sleep ? u8{FREE_IRQ} : v.early_online ? u8{ONLINE} : u8{RESTART};
		return true;
	case FREE_IRQ:
		a.at = REQUEST_IRQ;
		return release_irq(s, v) || (a.at = FREE_IRQ, false);
	case REQUEST_IRQ:
		request_irq(s);
		a.at = RESTART;
		return true;
	case RESTART:
		restart(s, v, broken);
		a.at = v.early_online ? RESUME : ONLINE;
		return true;
	case ONLINE:
		a.at = v.early_online ? RESTART : RESUME;
		return go_online(s, v) || (a.at = ONLINE, false);
	default:
		s.device_enabled = 1;
		s.quiesced = s.resetting = 0;
		a = Actor{};
		return true;
	}
}

} // namespace interleave
