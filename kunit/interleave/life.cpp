// SPDX-License-Identifier: GPL-2.0
// What the actors of life.hpp share: requests for a state, the work item, the teardown,
// and what must hold.

#include "life.hpp"

#include "controller.hpp"

namespace interleave::life
{

static State now;
void *const state = &now;
const unsigned long state_bytes = sizeof(now);

void begin(const Variant &v)
{
	State &s = now;

	__builtin_memset(static_cast<void *>(&s), 0, sizeof(s));
	new (&s.ctrl) npp::Controller(nullptr);
	npp_ctrl_apply(&s.ctrl, NPP_EV_STARTED, 0);
	s.ctrl_loss_s = v.ctrl_loss_s;
	s.enabled = s.irqs = s.answers = 1;
	s.swallows_left = v.swallows;
	s.outages_left = v.outages;
	s.resets_left = v.user_resets;
	for (u32 i = v.requests; i < REQUESTS; i++)
		s.requests[i].phase = SERVED;
}

npp_reconnect_limits limits_of(const Turn &t)
{
	return {t.s.ctrl_loss_s, t.v.fast_io_fail_s};
}

namespace
{

bool is_loss_due(const Turn &t)
{
	const npp_reconnect &r = t.s.reconnect;

	return t.s.ctrl_loss_s >= 0 && r.failed &&
	       now_ms(t.s) >= r.first_failed_ms + static_cast<u64>(t.s.ctrl_loss_s) * 1000;
}

void check_loss(Turn &t, npp_ctrl_move m)
{
	if (npp_state_io_fails(npp_ctrl_state(&t.s.ctrl)))
		t.s.excused = 1;
	if (m.step != NPP_WORK_FAIL_IO)
		return;
	if (t.s.lost)
		t.broken = "the disks fail twice";
	t.s.lost = 1;
}

} // namespace

npp_ctrl_move apply(Turn &t, npp_ctrl_event event, u32 holds)
{
	const npp_ctrl_move m = npp_ctrl_apply(&t.s.ctrl, event, holds);

	if (m.accepted && event == NPP_EV_LOST && npp_ctrl_state(&t.s.ctrl) == NPP_DEAD &&
	    !t.s.gone && !is_loss_due(t))
		t.broken = "a controller is lost that has time left";
	check_loss(t, m);
	return m;
}

// npp_request(): state and work item change together.
bool request(Turn &t, npp_ctrl_event event, u32 holds)
{
	const npp_ctrl_move m = apply(t, event, holds);

	if (m.queue_work && t.v.late_queue)
		t.s.late++;
	else if (m.queue_work)
		queue_worker(t);
	return m.accepted;
}

// mod_delayed_work(), which takes the place of what was queued or armed before: a run that
// has been queued and is put off counts as over, as flush_work() has it.
static void modify_work(Turn &t, bool queue, u64 wait_s)
{
	const bool put_off = t.s.queued && !queue;

	if (t.s.io_ended)
		t.broken = "the worker is queued behind a removal";
	t.s.begun = static_cast<u8>(t.s.begun + put_off);
	t.s.ended = static_cast<u8>(t.s.ended + put_off);
	t.s.queued = queue;
	t.s.armed = !queue;
	t.s.due_at = queue ? u8{0} : static_cast<u8>(t.s.clock + wait_s);
}

void queue_worker(Turn &t)
{
	modify_work(t, true, 0);
}

void arm_worker(Turn &t, u64 wait_ms)
{
	modify_work(t, !wait_ms, (wait_ms + 999) / 1000);
}

void tear_down_begins(Turn &t)
{
	if (t.s.owner && t.s.owner != t.who + 1)
		t.broken = "two own the hardware";
	t.s.owner = static_cast<u8>(t.who + 1);
	t.s.enabled = 0;
}

void tear_down_ends(Turn &t)
{
	const bool final = npp_state_io_fails(npp_ctrl_state(&t.s.ctrl));

	for (Request &r : t.s.requests) {
		if (r.phase == SENT)
			r.phase = final ? FAILED : WAITS;
		r.swallowed = 0;
	}
	t.s.owner = 0;
}

void quiesce(State &s)
{
	s.quiesced = 1;
	s.io_fails = 0;
}

bool is_quiesced(const Turn &t)
{
	for (const Request &r : t.s.requests)
		if (!t.v.no_sync && (r.phase == SENDING || r.phase == CHECKED))
			return false;
	return !t.s.actors[TIMEOUT0].at && !t.s.actors[TIMEOUT1].at;
}

void unquiesce(State &s, bool io_fails)
{
	s.quiesced = 0;
	s.io_fails = io_fails;
}

namespace
{

bool script_step(Turn &t)
{
	const Script script = script_of(t.v, t.who);

	if (t.a.at == script.count || !script.steps[t.a.at](t))
		return false;
	t.a.at++;
	return true;
}

bool late_step(Turn &t)
{
	if (!t.s.late)
		return false;
	t.s.late--;
	queue_worker(t);
	return true;
}

} // namespace

bool step(const Variant &v, u8 who, const char *&broken)
{
	Turn t{now, v, now.actors[who], who, broken};

	switch (who) {
	case WORKER:
		return worker_step(t);
	case ATTEMPT_FAILS:
		return attempt_fails(t);
	case REQUEST0:
	case REQUEST1:
		return request_step(t, u32{who} - REQUEST0);
	case TIMEOUT0:
	case TIMEOUT1:
		return timeout_step(t, u32{who} - TIMEOUT0);
	case SWALLOW:
		return swallow_step(t);
	case BREAK:
		return break_step(t);
	case REPAIR:
		return repair_step(t);
	case UNPLUG:
		return unplug_step(t);
	case CLOCK:
		return clock_step(t);
	case DRAIN_FAILS:
		return drain_fails(t);
	case HOLD_WORK:
		return hold_work_step(t);
	case REMOVAL_WORK:
		return removal_work_step(t);
	case LATE:
		return late_step(t);
	default:
		return script_step(t);
	}
}

namespace
{

const char *check_actors(const Variant &v, const State &s)
{
	constexpr u8 scripted[] = {USER, SLEEP, FUNCTION, ERROR, REMOVAL, LIMIT};

	for (u8 who : scripted)
		if (s.actors[who].at && s.actors[who].at != script_of(v, who).count)
			return who == REMOVAL ? "a removal or shutdown never ends"
			       : who == USER  ? "a user's reset never returns"
					      : "a holder never goes on";
	if (s.actors[WORKER].at || s.queued)
		return "the worker never ends";
	if (s.owner)
		return "the hardware stays somebody's";
	return s.device_lock ? "a lock stays taken" : nullptr;
}

// A user's reset revives a dead controller, also one that was held before.
bool can_be_revived(const State &s)
{
	npp_ctrl copy = s.ctrl;

	return npp_ctrl_apply(&copy, NPP_EV_USER_RESET, 0).accepted;
}

bool is_loss_overlooked(const Variant &v, const State &s)
{
	const npp_reconnect_limits limits = {s.ctrl_loss_s, v.fast_io_fail_s};
	u64 wait_ms;

	return npp_ctrl_state(&s.ctrl) == NPP_RECONNECT_WAIT &&
	       npp_reconnect_next(&s.reconnect, &limits, now_ms(s), &wait_ms) == NPP_DUE_LOST;
}

const char *check_state(const Variant &v, const State &s)
{
	const npp_state is = npp_ctrl_state(&s.ctrl);

	if (npp_state_is_workers(is))
		return "a state is left that is the worker's";
	if (s.lost)
		return "the disks of a lost controller do not fail";
	if (is == NPP_RECONNECT_WAIT && !s.armed)
		return "no attempt follows";
	if (is_loss_overlooked(v, s))
		return "ctrl_loss_tmo is over and attempts go on";
	if (is == NPP_LIVE && (!s.enabled || s.quiesced))
		return "a live controller does not serve";
	if (is == NPP_DEAD && !can_be_revived(s))
		return "a dead controller cannot be revived";
	return nullptr;
}

// Where the clock has stopped, I/O may still wait for the next attempt.
bool may_wait(const State &s)
{
	return npp_ctrl_state(&s.ctrl) == NPP_RECONNECT_WAIT && !s.reconnect.io_failed;
}

const char *check_request(const Variant &v, const State &s, const Request &r)
{
	switch (r.phase) {
	case NEW:
		return s.draining || s.disks_gone ? nullptr : "a request cannot begin";
	case WAITS:
		if (s.reconnect.io_failed)
			return "I/O waits although fast_io_fail_tmo is over";
		return may_wait(s) ? nullptr : "a request waits for ever";
	case SENT:
		return v.no_timeout ? nullptr : "a request is never answered";
	case FAILED:
		return s.excused ? nullptr : "a request fails for nothing";
	default:
		return nullptr;
	}
}

} // namespace

const char *check_end(const Variant &v)
{
	const char *broken = check_actors(v, now);

	if (!broken)
		broken = check_state(v, now);
	for (u32 i = 0; !broken && i < REQUESTS; i++)
		broken = check_request(v, now, now.requests[i]);
	return broken;
}

const char *state_name()
{
	return npp_state_name(npp_ctrl_state(&now.ctrl));
}

} // namespace interleave::life
