// SPDX-License-Identifier: GPL-2.0
// See steps.hpp.

#include "steps.hpp"

namespace interleave
{

namespace
{

bool lock(u8 &owner, u8 who)
{
	if (owner)
		return false;
	owner = who;
	return true;
}

// disable_irq_nosync(); waiting for the handler is a step of its own.
void disable_line(State &s, u8 number)
{
	s.lines[number].depth++;
}

// The kernel knows no number that has been freed, and complains about one that
// nobody has disabled.
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

// npp_reap_outside(): under the poll lock, each request by itself. @a.at goes from
// @first to @first + 4; true when it is over.
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

} // namespace

// npp_look(), and then the rule for a request that is still in flight.
bool looker_step(State &s, const Variant &v, Actor &a, u8 tag, const char *&broken)
{
	enum {
		IDLE,
		LOCK,
		LIVE,
		DISABLE,
		WAIT,
		REAP,
		REAP_SAYS,
		REAPING,
		REAPED,
		REAP_UNLOCKS,
		ENABLE,
		LOOKED,
		UNLOCK,
		DECIDE
	};
	const u8 who = static_cast<u8>(LOOKER0 + tag + 1);
	bool moved;

	switch (a.at) {
	case IDLE:
		if (!s.requests[tag].in_flight || (s.quiesced && !v.no_drain))
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_look_lock && !lock(s.look_lock, who))
			return false;
		a.at = LIVE;
		return true;
	case LIVE:
		a.line = s.irq;
		if (v.poll_queue) {
			a.at = s.pollable || v.ignore_live ? REAP : UNLOCK;
			return true;
		}
		if (!s.irq_live && !v.ignore_live) {
			a.at = UNLOCK;
			return true;
		}
		s.looking = static_cast<u8>(s.looking + !v.unannounced);
		a.at = v.no_disable ? u8{REAP} : u8{DISABLE};
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
			a.at = v.poll_queue                     ? u8{UNLOCK}
			       : v.no_disable || v.early_enable ? u8{LOOKED}
								: u8{ENABLE};
		return moved;
	case ENABLE:
		enable_line(s, v.reread ? s.irq : a.line, broken);
		a.at = LOOKED;
		return true;
	case LOOKED:
		s.looking = static_cast<u8>(s.looking - !v.unannounced);
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		if (!v.no_look_lock)
			s.look_lock = 0;
		a.at = DECIDE;
		return true;
	default:
		if (s.requests[tag].in_flight && !s.resetting && s.resets_left && !s.quiesced) {
			s.resetting = 1;
			s.resets_left--;
		}
		a = Actor{};
		return true;
	}
}

// npp_poll(): runs while something is in flight.
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

// npp_poll_queue(): somebody waits for a request, and ends what he has gathered when he
// has let go of the lock.
bool poller_step(State &s, const Variant &v, Actor &a, u8 who, const char *&broken)
{
	enum { IDLE, LOCK, LEND, REAP, TAKE_BACK, UNLOCK, END_BATCH };

	switch (a.at) {
	case IDLE:
		if (!s.requests[0].in_flight && !s.requests[1].in_flight)
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_poll_lock && !lock(s.poll_lock, who))
			return false;
		a.at = s.pollable || v.ignore_live ? LEND : UNLOCK;
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

// npp_poll_begin() and npp_poll_end(): the timer starts after the mode has changed
// and is gone before it changes back.
bool mode_step(State &s, const Variant &v, Actor &a, const char *&)
{
	enum { IDLE, STOP, LOCK, LIVE, CHANGE, WAIT, UNLOCK, START };

	switch (a.at) {
	case IDLE:
		if (!s.mode_changes_left || s.quiesced)
			return false;
		s.mode_changes_left--;
		s.timer_wanted = 0;
		a.at = s.polling ? STOP : LOCK;
		return true;
	case STOP:
		if (s.actors[TIMER].at && !v.timer_stays)
			return false;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!lock(s.look_lock, MODE + 1))
			return false;
		a.at = LIVE;
		return true;
	case LIVE:
		a.line = s.irq;
		a.at = s.irq_live ? CHANGE : UNLOCK;
		return true;
	case CHANGE:
		s.polling ^= 1;
		a.at = v.careless_mode ? UNLOCK : WAIT;
		return true;
	case WAIT:
		if (s.lines[a.line].running)
			return false;
		a.at = UNLOCK;
		return true;
	case UNLOCK:
		s.look_lock = 0;
		a.at = START;
		return true;
	default:
		s.timer_wanted = s.polling;
		a = Actor{};
		return true;
	}
}

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

bool anybody_looks(const State &s)
{
	return s.actors[LOOKER0].at || s.actors[LOOKER1].at || s.actors[MODE].at;
}

} // namespace

// npp_reset_work(): npp_disks_quiesce(), npp_tear_down(), npp_bring_up().
bool reset_step(State &s, const Variant &v, Actor &a, const char *&broken)
{
	enum {
		IDLE,
		QUIESCE,
		DRAIN,
		DISABLE,
		STOP_TIMER,
		LOCK,
		RELEASE,
		UNLOCK,
		LAST_LOOK,
		LOOK_SAYS,
		LOOKING,
		LOOKED,
		LOOK_UNLOCKS,
		FREE,
		CANCEL,
		ENDED,
		RESTART,
		RESUME
	};
	bool moved;

	switch (a.at) {
	case IDLE:
		a.at = s.resetting ? QUIESCE : IDLE;
		return s.resetting;
	case QUIESCE:
		s.quiesced = 1;
		a.at = DRAIN;
		return true;
	case DRAIN:
		if (!v.no_drain && anybody_looks(s))
			return false;
		a.at = DISABLE;
		return true;
	case DISABLE:
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
		s.polling = 0;
		a.at = LOCK;
		return true;
	case LOCK:
		if (!v.no_look_lock && !lock(s.look_lock, RESET + 1))
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
		if (!v.no_look_lock)
			s.look_lock = 0;
		a.at = v.no_last_look ? FREE : LAST_LOOK;
		return true;
	case LAST_LOOK:
	case LOOK_SAYS:
	case LOOKING:
	case LOOKED:
	case LOOK_UNLOCKS:
		if (reap_outside(s, v, a, RESET + 1, LAST_LOOK, broken, moved))
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
