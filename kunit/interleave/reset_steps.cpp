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

// The controller, as new, with its queue; the interrupt has another number.
void restart(State &s, const Variant &v)
{
	s.ring.restart();
	for (u16 tag = 0; tag < TAGS; tag++)
		npp::Slot::forget(s.slots[tag], tag);
	for (Command &c : s.commands)
		c = Command{};
	s.actors[DEVICE] = Actor{};
	s.device_tail = s.device_head = 0;
	s.device_phase = 1;
	s.pollable = v.poll_queue;
	if (v.poll_queue)
		return;
	s.irq ^= 1;
	s.lines[s.irq] = Line{1, 1, 0, 0, 0};
	s.irq_live = 1;
}

bool all_done(const State &s)
{
	return !s.submissions_left && !s.requests[0].in_flight && !s.requests[1].in_flight;
}

bool anybody_polls(const State &s)
{
	return s.actors[TIMEOUT0].at || s.actors[TIMEOUT1].at || s.actors[MODE].at;
}

} // namespace

// npp_reset(): npp_quiesce_disks(), npp_tear_down(), npp_bring_up().
bool reset_step(State &s, const Variant &v, Actor &a, const char *&broken)
{
	enum {
		IDLE,
		QUIESCE,
		DRAIN,
		FINISH,
		DISABLE,
		STOP_TIMER,
		LOCK,
		RELEASE,
		UNLOCK,
		LAST_REAP,
		REAP_LAST_SAYS,
		LOOKING,
		LOOKED,
		REAP_LAST_UNLOCKS,
		FREE,
		CANCEL,
		ENDED,
		RESTART,
		RESUME
	};
	bool moved;

	switch (a.at) {
	case IDLE:
		if (v.farewell && s.resets_left && all_done(s)) {
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
		if (!v.no_drain && anybody_polls(s))
			return false;
		a.at = v.no_finish ? DISABLE : FINISH;
		return true;
	case FINISH: // npp_sync_cq(), in one: nobody begins to reap what is not there
		if (s.irq_lock || s.lines[s.irq].running || s.poll_lock)
			return false;
		a.at = DISABLE;
		return true;
	case DISABLE:
		if (v.farewell && s.device_tail != s.device_head)
			broken = untold;
		if (v.early_cancel)
			cancel(s);
		else
			s.device_enabled = 0;
		a.at = STOP_TIMER;
		return true;
	case STOP_TIMER:
		s.timer_wanted = 0;
		if (s.actors[TIMER].at)
			return false;
		s.fallback_poll = 0;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_irq_lock && !lock(s.irq_lock, RESET + 1))
			return false;
		s.irq_live = 0;
		a.at = RELEASE;
		return true;
	case RELEASE: // free_irq() waits for the handler; npp_set_pollable() takes the lock
		if (v.poll_queue && s.poll_lock)
			return false;
		s.pollable = 0;
		if (s.lines[s.irq].running)
			return false;
		s.lines[s.irq].requested = s.lines[s.irq].pending = 0;
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		if (!v.no_irq_lock)
			s.irq_lock = 0;
		a.at = v.no_pending_reap ? FREE : LAST_REAP;
		return true;
	case LAST_REAP:
	case REAP_LAST_SAYS:
	case LOOKING:
	case LOOKED:
	case REAP_LAST_UNLOCKS:
		if (reap_outside(s, v, a, RESET + 1, LAST_REAP, broken, moved))
			a.at = FREE;
		return moved;
	case FREE:
		s.lines[s.irq] = Line{};
		s.device_enabled = 0;
		a.at = CANCEL;
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
		a.at = RESTART;
		return true;
	case RESTART:
		restart(s, v);
		a.at = RESUME;
		return true;
	default:
		s.device_enabled = 1;
		s.quiesced = s.resetting = 0;
		a = Actor{};
		return true;
	}
}

} // namespace interleave
