// SPDX-License-Identifier: GPL-2.0
// The reset worker: reset.c, and what it calls in steps.c.

#include "life.hpp"

namespace interleave::life
{

namespace
{

enum At : u8 {
	IDLE,
	BEGIN,
	QUIESCE,
	QUIESCED,
	TEAR_DOWN,
	TORN_DOWN,
	ATTEMPT,
	ANSWER,
	QUIESCE_UP,
	QUIESCED_UP,
	OPEN,
	UP,
	NOT_UP,
	UNDONE,
	FAILURE,
	ARM,
	WAIT,
	SERVE,
	FAIL_FAST,
	FAIL,
	KILL,
	END,
	STAY
};

// What npp_begin_work() returns for a wait that fast_io_fail_tmo has ended.
constexpr npp_work_step FAST = NPP_WORK_STEPS;

At after(npp_work_step step)
{
	switch (step) {
	case NPP_WORK_TEAR_DOWN:
		return QUIESCE;
	case NPP_WORK_BRING_UP:
		return ATTEMPT;
	case NPP_WORK_SERVE_IO:
		return SERVE;
	case NPP_WORK_FAIL_IO:
		return FAIL;
	case NPP_WORK_WAIT:
		return WAIT;
	case FAST:
		return FAIL_FAST;
	default:
		return END;
	}
}

npp_reconnect_due what_is_due(Turn &t, u64 &wait_ms)
{
	const npp_reconnect_limits limits = limits_of(t);

	if (npp_ctrl_state(&t.s.ctrl) != NPP_RECONNECT_WAIT)
		return NPP_DUE_ATTEMPT;
	return npp_reconnect_next(&t.s.reconnect, &limits, now_ms(t.s), &wait_ms);
}

// The work item's timer, and the workqueue: it never runs twice at a time.
At idle(Turn &t)
{
	u64 wait_ms;

	if (t.s.armed && t.s.clock >= t.s.due_at) {
		t.s.armed = 0;
		t.s.queued = 1;
	}
	if (!t.s.queued)
		return STAY;
	t.s.queued = 0;
	t.s.begun++;
	if (t.s.destroyed)
		t.broken = "the worker runs after the removal";
	t.a.kept = static_cast<u8>(what_is_due(t, wait_ms));
	return BEGIN;
}

// npp_begin_work()
At begin_work(Turn &t)
{
	u64 wait_ms = 0;
	npp_reconnect_due due = what_is_due(t, wait_ms);

	if (t.v.early_due) {
		due = static_cast<npp_reconnect_due>(t.a.kept);
		wait_ms = NPP_RECONNECT_DELAY_MAX_S * 1000;
	}
	switch (due) {
	case NPP_DUE_ATTEMPT:
		return after(apply(t, NPP_EV_WORK_BEGINS).step);
	case NPP_DUE_LOST:
		return after(apply(t, NPP_EV_LOST).step);
	case NPP_DUE_FAIL_IO:
		t.s.reconnect.io_failed = true;
		t.s.excused = 1;
		arm_worker(t, 0);
		return t.v.kill_by_state ? FAIL : after(FAST);
	default:
		arm_worker(t, wait_ms);
		return END;
	}
}

At quiesce_disks(Turn &t)
{
	if (!t.v.no_quiesce)
		quiesce(t.s);
	return QUIESCED;
}

At wait_for_senders(Turn &t)
{
	return is_quiesced(t) || t.v.no_quiesce ? TEAR_DOWN : STAY;
}

At tear_down(Turn &t)
{
	tear_down_begins(t);
	return TORN_DOWN;
}

At torn_down(Turn &t)
{
	tear_down_ends(t);
	return after(apply(t, NPP_EV_TORN_DOWN).step);
}

At attempt(Turn &t)
{
	tear_down_begins(t); // disabled once more
	t.s.irqs = 1;
	return ANSWER;
}

// npp_is_aborted()
bool is_aborted(const Turn &t)
{
	const npp_state is = npp_ctrl_state(&t.s.ctrl);

	return is != NPP_CONNECTING && is != NPP_DELETING_RESET;
}

bool has_time(const Turn &t)
{
	const npp_reconnect_limits limits = limits_of(t);

	return npp_reconnect_left_ms(&t.s.reconnect, &limits, now_ms(t.s));
}

bool may_succeed(const Turn &t)
{
	return t.s.answers && !t.s.gone && !is_aborted(t) && has_time(t);
}

At answer(Turn &t)
{
	return may_succeed(t) ? QUIESCE_UP : STAY;
}

// Once fast_io_fail_tmo is over, I/O fails until the controller answers.
At quiesce_up(Turn &t)
{
	quiesce(t.s);
	return QUIESCED_UP;
}

At wait_for_senders_up(Turn &t)
{
	return is_quiesced(t) ? OPEN : STAY;
}

At open_queues(Turn &t)
{
	if (!may_succeed(t))
		return STAY;
	t.s.enabled = 1;
	t.s.owner = 0;
	return UP;
}

At up(Turn &t)
{
	return after(apply(t, NPP_EV_BROUGHT_UP).step);
}

At not_up(Turn &t)
{
	tear_down_begins(t);
	return UNDONE;
}

// npp_end_failed_attempt(), which reads the state without the lock
At undone(Turn &t)
{
	u64 wait_ms;

	tear_down_ends(t);
	t.a.kept = NPP_EV_NOT_UP;
	if (npp_ctrl_state(&t.s.ctrl) != NPP_CONNECTING)
		return FAILURE;
	const npp_reconnect_limits limits = limits_of(t);
	npp_reconnect_failed(&t.s.reconnect, now_ms(t.s));
	if (t.s.gone ||
	    npp_reconnect_next(&t.s.reconnect, &limits, now_ms(t.s), &wait_ms) == NPP_DUE_LOST)
		t.a.kept = NPP_EV_LOST;
	return FAILURE;
}

void arm_for_next(Turn &t)
{
	const npp_reconnect_limits limits = limits_of(t);
	u64 wait_ms;

	npp_reconnect_next(&t.s.reconnect, &limits, now_ms(t.s), &wait_ms);
	arm_worker(t, wait_ms);
}

At failure(Turn &t)
{
	const npp_work_step next = apply(t, static_cast<npp_ctrl_event>(t.a.kept)).step;

	if (next != NPP_WORK_WAIT)
		return after(next);
	if (t.v.late_arm)
		return ARM;
	arm_for_next(t);
	return WAIT;
}

At arm(Turn &t)
{
	arm_for_next(t);
	return WAIT;
}

At wait(Turn &t)
{
	if (t.s.reconnect.io_failed && !t.v.no_unquiesce)
		unquiesce(t.s, true);
	return END;
}

At serve(Turn &t)
{
	if (!t.s.enabled)
		t.broken = "I/O goes on without a queue";
	t.s.reconnect = npp_reconnect{};
	unquiesce(t.s, false);
	return END;
}

At fail_fast(Turn &t)
{
	unquiesce(t.s, true);
	return END;
}

At fail(Turn &t)
{
	unquiesce(t.s, true);
	return KILL;
}

At kill(Turn &t)
{
	if (t.v.kill_by_state && npp_ctrl_state(&t.s.ctrl) == NPP_RECONNECT_WAIT)
		return END;
	if (!t.s.lost)
		t.broken = "the disks fail although the controller is not lost";
	t.s.lost = 0;
	t.s.reconnect = npp_reconnect{};
	return END;
}

At end(Turn &t)
{
	t.s.ended++;
	t.a.kept = 0;
	return IDLE;
}

constexpr At (*steps[])(Turn &) = {
	idle,        begin_work, quiesce_disks, wait_for_senders, tear_down,
	torn_down,   attempt,    answer,        quiesce_up,       wait_for_senders_up,
	open_queues, up,         not_up,        undone,           failure,
	arm,         wait,       serve,         fail_fast,        fail,
	kill,        end,
};
static_assert(sizeof(steps) / sizeof(steps[0]) == STAY);

} // namespace

bool worker_step(Turn &t)
{
	const At next = steps[t.a.at](t);

	if (next == STAY)
		return false;
	t.a.at = next;
	return true;
}

// An answer that does not come, or comes too late: the worker's other way.
bool attempt_fails(Turn &t)
{
	Actor &worker = t.s.actors[WORKER];

	if ((worker.at != ANSWER && worker.at != OPEN) || may_succeed(t))
		return false;
	worker.at = NOT_UP;
	return true;
}

} // namespace interleave::life
