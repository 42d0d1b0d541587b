// SPDX-License-Identifier: GPL-2.0
#include "wake_model.hpp"

namespace interleave::wake
{

// All of it is compared as bytes: there is no padding.
struct State {
	u8 submitted;  // as the others see it
	u8 buffered;   // in the submitter's own buffer, besides
	u8 posted;     // answered by the device
	u8 taken;      // by the timer
	u8 arm;        // q->arm_watchdog
	u8 submitting; // the next step is to read the mark
	u8 timer_at, timer_armed;
	u8 queued;    // the watchdog's work is
	u8 must_wait; // what was buffered at its last tick is visible before the next
	u8 seen;      // the watchdog's own memory: what was taken, and its mark
	u8 marked;
	u8 submissions_left;
	u8 unused[3];
};
static_assert(sizeof(State) % sizeof(u64) == 0); // the search compares words

static State now;
void *const state = &now;
const unsigned long state_bytes = sizeof(now);

void begin(const Variant &v)
{
	now = State{};
	now.arm = 1;
	now.submissions_left = v.submissions;
}

static bool idle(const State &s)
{
	return s.submitted == s.taken;
}

static void make_visible(State &s)
{
	s.submitted = static_cast<u8>(s.submitted + s.buffered);
	s.buffered = 0;
	s.must_wait = 0;
}

// npp_watchdog_arm(): its barrier, whether or not a tick is due already.
static void wake_up(State &s)
{
	make_visible(s);
	s.arm = 0;
	s.timer_armed = 1;
	s.queued = 1;
}

static bool submitter_step(State &s)
{
	if (s.submitting) {
		s.submitting = 0;
		if (s.arm)
			wake_up(s);
		return true;
	}
	if (!s.submissions_left)
		return false;
	s.submissions_left--;
	s.buffered++;
	s.submitting = 1;
	return true;
}

static bool stores_step(State &s)
{
	if (!s.buffered)
		return false;
	make_visible(s);
	return true;
}

// It has read the command after its doorbell.
static bool device_step(State &s)
{
	if (s.posted == s.submitted + s.buffered)
		return false;
	s.posted++;
	return true;
}

// npp_fallback_poll_timer(), npp_fallback_poll_may_stop(). What it takes it has to see: the
// reaper's counters are its own, the submitter's are behind the command by nothing that
// matters.
static bool timer_step(State &s)
{
	enum { REAP, IDLE, MARK, AGAIN };

	if (!s.timer_armed)
		return false;
	switch (s.timer_at) {
	case REAP:
		if (!idle(s) && s.posted == s.taken)
			return false; // nothing to do yet: the timer goes on
		if (s.posted > s.submitted)
			make_visible(s);
		s.taken = s.posted;
		s.timer_at = IDLE;
		return true;
	case IDLE:
		s.timer_at = idle(s) ? MARK : REAP;
		return true;
	case MARK:
		s.arm = 1;
		s.timer_at = AGAIN;
		return true;
	default:
		s.timer_armed = !idle(s);
		s.timer_at = REAP;
		return true;
	}
}

// npp_watchdog_check_queue(): one tick.
static bool watchdog_step(State &s, const Variant &v)
{
	const bool moved = s.seen != s.taken;

	if (!s.queued || s.must_wait)
		return false;
	s.seen = s.taken;
	s.must_wait = s.buffered != 0;
	if (moved) {
		s.marked = 0;
	} else if (idle(s)) {
		s.queued = v.any_mark ? !s.arm : !(s.marked && s.arm);
		s.arm = s.marked = 1;
	} else {
		s.marked = s.arm = 0;
		s.timer_armed = 1;
	}
	return true;
}

bool step(const Variant &v, u8 who, const char *&)
{
	State &s = now;

	switch (who) {
	case SUBMITTER:
		return submitter_step(s);
	case STORES:
		return stores_step(s);
	case DEVICE:
		return device_step(s);
	case TIMER:
		return timer_step(s);
	default:
		return watchdog_step(s, v);
	}
}

const char *check_end(const Variant &)
{
	if (now.taken != now.submitted || now.submissions_left)
		return "a completion is never reaped";
	return nullptr;
}

} // namespace interleave::wake
