// SPDX-License-Identifier: GPL-2.0
// Requests of I/O, their timeouts, the device that serves them or does not, and time.

#include "life.hpp"

#include "timeout_policy.hpp"

namespace interleave::life
{

bool is_done(const Request &r)
{
	return r.phase == NEW || r.phase == SERVED || r.phase == FAILED;
}

namespace
{

bool is_answered(const State &s, const Request &r)
{
	return s.answers && !s.gone && s.enabled && !r.swallowed;
}

// npp_queue_rq(): false, where the queue is not enabled, is an error for the request.
void send(Turn &t, Request &r)
{
	if (t.s.enabled) {
		r.phase = CHECKED;
		return;
	}
	if (!r.may_fail && !t.s.io_fails)
		t.broken = "a request fails that should wait";
	r.phase = FAILED;
}

} // namespace

bool request_step(Turn &t, u32 number)
{
	Request &r = t.s.requests[number];

	switch (r.phase) {
	case NEW:
		if (t.s.draining || t.s.disks_gone)
			return false;
		r.phase = WAITS;
		return true;
	case WAITS:
		if (t.s.quiesced)
			return false;
		r.may_fail = t.s.io_fails;
		r.phase = SENDING;
		return true;
	case SENDING:
		send(t, r);
		return true;
	case CHECKED:
		if (!t.s.enabled || t.s.owner)
			t.broken = "a command is written to a queue that is torn down";
		r.phase = SENT;
		return true;
	case SENT:
		if (!is_answered(t.s, r))
			return false;
		r.phase = SERVED;
		return true;
	default:
		return false;
	}
}

namespace
{

npp_timeout_action decide(const State &s)
{
	npp_timeout_facts facts{};

	facts.state = npp_ctrl_state(&s.ctrl);
	facts.channel_online = true;
	facts.gone = s.gone;
	return npp::decide_timeout(facts, NPP_POLL_EMPTY);
}

npp_ctrl_event event_of(u8 action)
{
	return action == NPP_TIMEOUT_RESET ? NPP_EV_RESET : NPP_EV_FAIL;
}

// A request that would be refused is one that comes again.
bool has_effect(const State &s, npp_timeout_action action)
{
	npp_ctrl copy = s.ctrl;

	return (action == NPP_TIMEOUT_RESET || action == NPP_TIMEOUT_FAIL_CTRL) &&
	       npp_ctrl_apply(&copy, event_of(static_cast<u8>(action)), 0).accepted;
}

} // namespace

// npp_timeout(): it decides by the state that it reads, and acts later.
bool timeout_step(Turn &t, u32 number)
{
	enum { IDLE, ACT };
	const Request &r = t.s.requests[number];

	if (t.a.at == IDLE) {
		if (t.v.no_timeout || r.phase != SENT || is_answered(t.s, r) ||
		    !has_effect(t.s, decide(t.s)))
			return false;
		t.a.kept = static_cast<u8>(decide(t.s));
		t.a.at = ACT;
		return true;
	}
	request(t, event_of(t.a.kept));
	t.a = Actor{};
	return true;
}

bool swallow_step(Turn &t)
{
	for (Request &r : t.s.requests) {
		if (!t.s.swallows_left || r.phase != SENT || r.swallowed)
			continue;
		t.s.swallows_left--;
		r.swallowed = 1;
		return true;
	}
	return false;
}

bool break_step(Turn &t)
{
	if (!t.s.outages_left || !t.s.answers)
		return false;
	t.s.outages_left--;
	t.s.answers = 0;
	return true;
}

bool repair_step(Turn &t)
{
	if (t.s.answers || t.v.mute || t.s.gone)
		return false;
	t.s.answers = 1;
	return true;
}

bool unplug_step(Turn &t)
{
	if (!t.v.unplugged || t.s.gone)
		return false;
	t.s.gone = 1;
	return true;
}

bool clock_step(Turn &t)
{
	if (!t.s.reconnect.failed || t.s.clock >= t.v.seconds)
		return false;
	t.s.clock++;
	return true;
}

} // namespace interleave::life
