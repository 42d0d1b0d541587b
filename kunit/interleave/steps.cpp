// SPDX-License-Identifier: GPL-2.0
// See steps.hpp.

#include "steps.hpp"

namespace interleave
{

bool lock(u8 &owner, u8 who)
{
	if (owner)
		return false;
	owner = who;
	return true;
}

namespace
{

// disable_irq_nosync(); waiting for the handler is a step of its own.
void disable_line(State &s, u8 number)
{
	s.lines[number].depth++;
}

// The kernel knows no number that has been freed, and complains about one that
// no one has disabled.
void enable_line(State &s, u8 number, const char *&broken)
{
	Line &l = s.lines[number];

	if (!l.exists)
		return;
	if (!l.depth)
		broken = "unbalanced enable of an interrupt";
	else
		l.depth--;
}

} // namespace

// npp_reap_outside().
bool reap_outside(State &s, const Variant &v, Actor &a, u8 who, u8 first, const char *&broken,
		  bool &moved)
{
	enum { LOCK, SAY, REAP, UNSAY, UNLOCK };

	moved = true;
	switch (a.at - first) {
	case LOCK:
		moved = v.no_poll_lock || lock(s.poll_lock, who);
		break;
	case SAY:
		s.one_by_one = !v.unsaid;
		break;
	case REAP:
		if (!reap_step(s, v, a.reaper, broken))
			return false;
		break;
	case UNSAY:
		s.one_by_one = 0;
		break;
	default:
		if (!v.no_poll_lock)
			s.poll_lock = 0;
		return true;
	}
	a.at = static_cast<u8>(a.at + moved);
	return false;
}

// npp_poll_irqdisable(), and then the rule for a request that is still in flight.
bool timeout_step(State &s, const Variant &v, Actor &a, u8 tag, const char *&broken)
{
	enum {
		IDLE,
		LOCK,
		OFFLINE,
		DISABLE,
		WAIT,
		REAP,
		REAP_SAYS,
		REAPING,
		REAPED,
		REAP_UNLOCKS,
		ENABLE,
		POLLED,
		UNLOCK,
		DECIDE
	};
	const u8 who = static_cast<u8>(TIMEOUT0 + tag + 1);
	bool moved;

	switch (a.at) {
	case IDLE:
		if (!s.requests[tag].in_flight || (s.quiesced && !v.no_drain))
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_irq_lock && !lock(s.irq_lock, who))
			return false;
		a.at = OFFLINE;
		return true;
	case OFFLINE:
		a.line = s.irq;
		if (s.offline && !v.blind_poll) {
			a.at = UNLOCK;
			return true;
		}
		if (a.line >= LINES) {
			a.at = REAP;
			return true;
		}
		s.irqdisable_poll = static_cast<u8>(s.irqdisable_poll + !v.unannounced);
		a.at = v.no_disable ? u8{REAP} : v.undisabled ? u8{WAIT} : u8{DISABLE};
		return true;
	case DISABLE:
		disable_line(s, a.line);
		a.at = v.no_wait ? u8{REAP} : u8{WAIT};
		return true;
	case WAIT:
		if (s.lines[a.line].running)
			return false;
		if (v.early_enable)
			enable_line(s, a.line, broken);
		a.at = REAP;
		return true;
	case REAP:
	case REAP_SAYS:
	case REAPING:
	case REAPED:
	case REAP_UNLOCKS:
		if (reap_outside(s, v, a, who, REAP, broken, moved))
			a.at = a.line >= LINES                                  ? u8{UNLOCK}
			       : v.no_disable || v.undisabled || v.early_enable ? u8{POLLED}
										: u8{ENABLE};
		return moved;
	case ENABLE:
		enable_line(s, v.reread ? s.irq : a.line, broken);
		s.stale.published = s.stale.visible;
		a.at = POLLED;
		return true;
	case POLLED:
		s.irqdisable_poll = static_cast<u8>(s.irqdisable_poll - !v.unannounced);
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		if (!v.no_irq_lock)
			s.irq_lock = 0;
		a.at = DECIDE;
		return true;
	default:
		if (s.requests[tag].in_flight && !s.resetting && s.resets_left && !s.quiesced &&
		    !v.removal) {
			s.resetting = 1;
			s.resets_left--;
		}
		a = Actor{};
		return true;
	}
}

// npp_fallback_poll_timer(): runs while something is in flight.
bool timer_step(State &s, const Variant &v, Actor &a, const char *&broken)
{
	enum { IDLE, LOCK, REAP, END_BATCH, UNLOCK };
	const bool early = v.early_unlock;

	switch (a.at) {
	case IDLE:
		if (!s.timer_wanted || (!s.requests[0].in_flight && !s.requests[1].in_flight))
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_poll_lock && !lock(s.poll_lock, TIMER + 1))
			return false;
		a.at = REAP;
		return true;
	case REAP:
		if (reap_step(s, v, a.reaper, broken))
			a.at = early ? u8{UNLOCK} : u8{END_BATCH};
		return true;
	case END_BATCH:
		if (!end_batch_step(s, a.reaper, s.batch, broken))
			return true;
		a.at = UNLOCK;
		if (early)
			a = Actor{};
		return true;
	default:
		if (!v.no_poll_lock)
			s.poll_lock = 0;
		if (early)
			a.at = END_BATCH;
		else
			a = Actor{};
		return true;
	}
}

namespace
{

void lend(State &s, const Variant &v, Actor &a)
{
	const u8 batch = s.batch;

	if (v.one_batch)
		return;
	s.batch = a.batch;
	a.batch = batch;
}

} // namespace

// npp_poll_queue(): the sender of a request polls for it, and ends what it has gathered
// after it has released the lock.
bool poller_step(State &s, const Variant &v, Actor &a, u8 who, const char *&broken)
{
	enum { IDLE, LOCK, OFFLINE, LEND, REAP, TAKE_BACK, UNLOCK, END_BATCH };
	const bool offline = s.offline && !v.blind_poll;

	switch (a.at) {
	case IDLE:
		if (!s.requests[0].in_flight && !s.requests[1].in_flight)
			return false;
		if (v.unlocked_check && offline)
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_poll_lock && !lock(s.poll_lock, who))
			return false;
		a.at = OFFLINE;
		return true;
	case OFFLINE:
		a.at = !offline || v.unlocked_check ? u8{LEND} : u8{UNLOCK};
		return true;
	case LEND:
		lend(s, v, a);
		a.at = REAP;
		return true;
	case REAP:
		if (reap_step(s, v, a.reaper, broken))
			a.at = TAKE_BACK;
		return true;
	case TAKE_BACK:
		lend(s, v, a);
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		if (!v.no_poll_lock)
			s.poll_lock = 0;
		a.at = END_BATCH;
		return true;
	default:
		if (end_batch_step(s, a.reaper, v.one_batch ? s.batch : a.batch, broken))
			a = Actor{};
		return true;
	}
}

// npp_fallback_poll_begin() and npp_fallback_poll_end(): the timer starts after the mode
// has changed and is gone before it changes back. A lost interrupt may begin polling at any
// time, in the middle of a reset too, but not of a queue that is offline.
bool mode_step(State &s, const Variant &v, Actor &a, const char *&)
{
	enum { IDLE, STOP, LOCK, OFFLINE, CHANGE, WAIT, UNLOCK, START };

	switch (a.at) {
	case IDLE:
		if (!s.mode_changes_left || !lock(s.health_lock, MODE + 1))
			return false;
		s.mode_changes_left--;
		s.timer_wanted = 0;
		a.begins = !s.fallback_poll;
		a.at = s.fallback_poll ? STOP : LOCK;
		return true;
	case STOP:
		if (s.actors[TIMER].at && !v.timer_stays)
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!lock(s.irq_lock, MODE + 1))
			return false;
		a.at = OFFLINE;
		return true;
	case OFFLINE:
		a.line = s.irq;
		a.at = a.line < LINES && !(a.begins && s.offline) ? CHANGE : UNLOCK;
		return true;
	case CHANGE:
		s.fallback_poll = a.begins;
		a.at = v.careless_mode ? UNLOCK : WAIT;
		return true;
	case WAIT:
		if (s.lines[a.line].running)
			return false;
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		s.irq_lock = 0;
		a.at = START;
		return true;
	default:
		s.timer_wanted = v.begin_unasked ? a.begins : s.fallback_poll;
		s.health_lock = 0;
		a = Actor{};
		return true;
	}
}

} // namespace interleave
