// SPDX-License-Identifier: GPL-2.0
// The life of a controller, as one pure function from a state and an event to the
// next state and what to do.  src/README.md prints the table; the proofs below it hold
// over all states and events.
//
// One worker resets, pauses, fails and revives a controller.  A request changes the
// state under the caller's lock and thereby says whether the worker has to be queued;
// the worker reports each step that it has done and gets the next one.  So a request
// that comes in the middle of a step takes effect at the step's end.
#pragma once

#include "lang.hpp"

#include <nvmepp/ctrl_state.h>

namespace npp
{

struct Transition {
	npp_state to;
	bool accepted = false;
	bool queue_work = false;
	npp_work_step step = NPP_WORK_END;
};

// The reset worker is queued or running, and the hardware is its own.
NPP_INLINE constexpr bool is_workers(npp_state s)
{
	return s == NPP_RESETTING || s == NPP_CONNECTING || s == NPP_PAUSING || s == NPP_FAILING ||
	       s == NPP_DELETING_RESET;
}

NPP_INLINE constexpr bool is_removal(npp_state s)
{
	return s == NPP_DELETING || s == NPP_DELETING_RESET || s == NPP_DELETING_NOIO;
}

NPP_INLINE constexpr bool io_fails(npp_state s)
{
	return s == NPP_FAILING || s == NPP_DEAD || s == NPP_DELETING_NOIO;
}

// Waits, to be served or to fail later: what has been cancelled is kept.
NPP_INLINE constexpr bool io_waits(npp_state s)
{
	return s == NPP_RESETTING || s == NPP_CONNECTING || s == NPP_RECONNECT_WAIT ||
	       s == NPP_PAUSING || s == NPP_PAUSED || s == NPP_DELETING_RESET;
}

namespace transitions
{

static constexpr Transition refuse(npp_state s)
{
	return {.to = s};
}

static constexpr Transition go(npp_state to)
{
	return {.to = to, .accepted = true};
}

static constexpr Transition queue(npp_state to)
{
	return {.to = to, .accepted = true, .queue_work = true};
}

static constexpr Transition work(npp_state to, npp_work_step step)
{
	return {.to = to, .accepted = true, .step = step};
}

static constexpr Transition reset(npp_state s)
{
	return s == NPP_LIVE ? queue(NPP_RESETTING) : refuse(s);
}

// A user need not wait for the next attempt, and may give a dead controller another.
static constexpr Transition user_reset(npp_state s, bool held)
{
	if (!held && (s == NPP_RECONNECT_WAIT || s == NPP_DEAD))
		return queue(NPP_CONNECTING);
	return reset(s);
}

static constexpr Transition hold(npp_state s)
{
	switch (s) {
	case NPP_LIVE:
		return queue(NPP_PAUSING);
	case NPP_RESETTING:
	case NPP_CONNECTING:
		return go(NPP_PAUSING); // the worker finds it at the end of its step
	case NPP_RECONNECT_WAIT:
		return go(NPP_PAUSED); // down already
	case NPP_PAUSING:
	case NPP_PAUSED:
	case NPP_FAILING:
	case NPP_DEAD:
		return go(s); // one holder more
	case NPP_NEW:
	case NPP_DELETING:
	case NPP_DELETING_RESET:
	case NPP_DELETING_NOIO:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

// A dead controller whose function was reset, or whose power was off, gets another try.
static constexpr Transition release(npp_state s, bool held)
{
	if (held || s == NPP_FAILING)
		return go(s);
	switch (s) {
	case NPP_PAUSED:
	case NPP_DEAD:
		return queue(NPP_CONNECTING);
	case NPP_PAUSING:
		return go(NPP_RESETTING);
	case NPP_NEW:
	case NPP_LIVE:
	case NPP_RESETTING:
	case NPP_CONNECTING:
	case NPP_RECONNECT_WAIT:
	case NPP_FAILING:
	case NPP_DELETING:
	case NPP_DELETING_RESET:
	case NPP_DELETING_NOIO:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

static constexpr Transition fail(npp_state s)
{
	switch (s) {
	case NPP_LIVE:
	case NPP_RECONNECT_WAIT:
	case NPP_PAUSED:
		return queue(NPP_FAILING);
	case NPP_RESETTING:
	case NPP_CONNECTING:
	case NPP_PAUSING:
		return go(NPP_FAILING);
	case NPP_DELETING:
		return queue(NPP_DELETING_NOIO);
	case NPP_DELETING_RESET:
		return go(NPP_DELETING_NOIO);
	case NPP_NEW:
	case NPP_FAILING:
	case NPP_DEAD:
	case NPP_DELETING_NOIO:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

// What is down, but may come up, is brought up once more so that its disks can be
// written back.  A wait is not: the last attempt has just failed.
static constexpr Transition remove(npp_state s)
{
	switch (s) {
	case NPP_LIVE:
		return go(NPP_DELETING);
	case NPP_RESETTING:
	case NPP_CONNECTING:
	case NPP_PAUSING:
		return go(NPP_DELETING_RESET);
	case NPP_PAUSED:
		return queue(NPP_DELETING_RESET);
	case NPP_RECONNECT_WAIT:
		return queue(NPP_DELETING_NOIO);
	case NPP_FAILING:
	case NPP_DEAD:
		return go(NPP_DELETING_NOIO);
	case NPP_NEW:
	case NPP_DELETING:
	case NPP_DELETING_RESET:
	case NPP_DELETING_NOIO:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

static constexpr Transition work_begins(npp_state s)
{
	switch (s) {
	case NPP_RESETTING:
	case NPP_PAUSING:
	case NPP_FAILING:
	case NPP_DELETING_RESET:
	case NPP_DELETING_NOIO:
		return work(s, NPP_WORK_TEAR_DOWN); // which may have been done: it is idempotent
	case NPP_CONNECTING:
	case NPP_RECONNECT_WAIT:
		return work(NPP_CONNECTING, NPP_WORK_BRING_UP);
	case NPP_NEW:
	case NPP_LIVE:
	case NPP_PAUSED:
	case NPP_DEAD:
	case NPP_DELETING:
	case NPP_STATES:
		break;
	}
	return refuse(s); // held, or revived and over, since the worker was queued
}

static constexpr Transition torn_down(npp_state s)
{
	switch (s) {
	case NPP_RESETTING:
		return work(NPP_CONNECTING, NPP_WORK_BRING_UP);
	case NPP_DELETING_RESET:
		return work(s, NPP_WORK_BRING_UP);
	case NPP_PAUSING:
		return work(NPP_PAUSED, NPP_WORK_END);
	case NPP_FAILING:
		return work(NPP_DEAD, NPP_WORK_FAIL_IO);
	case NPP_DELETING_NOIO:
		return work(s, NPP_WORK_FAIL_IO);
	case NPP_NEW:
	case NPP_LIVE:
	case NPP_CONNECTING:
	case NPP_RECONNECT_WAIT:
	case NPP_PAUSED:
	case NPP_DEAD:
	case NPP_DELETING:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

static constexpr Transition brought_up(npp_state s)
{
	switch (s) {
	case NPP_CONNECTING:
		return work(NPP_LIVE, NPP_WORK_SERVE_IO);
	case NPP_DELETING_RESET:
		return work(NPP_DELETING, NPP_WORK_SERVE_IO);
	case NPP_RESETTING: // held and released meanwhile
	case NPP_PAUSING:
	case NPP_FAILING:
	case NPP_DELETING_NOIO:
		return work(s, NPP_WORK_TEAR_DOWN);
	case NPP_NEW:
	case NPP_LIVE:
	case NPP_RECONNECT_WAIT:
	case NPP_PAUSED:
	case NPP_DEAD:
	case NPP_DELETING:
	case NPP_STATES:
		break;
	}
	return refuse(s);
}

// The attempt has failed and is undone: as torn down, but that there may be a next one.
static constexpr Transition not_up(npp_state s, bool lost)
{
	switch (s) {
	case NPP_CONNECTING:
	case NPP_RECONNECT_WAIT:
		return lost ? work(NPP_DEAD, NPP_WORK_FAIL_IO)
			    : work(NPP_RECONNECT_WAIT, NPP_WORK_WAIT);
	case NPP_DELETING_RESET:
		return work(NPP_DELETING_NOIO, NPP_WORK_FAIL_IO);
	case NPP_NEW:
	case NPP_LIVE:
	case NPP_RESETTING:
	case NPP_PAUSING:
	case NPP_PAUSED:
	case NPP_FAILING:
	case NPP_DEAD:
	case NPP_DELETING:
	case NPP_DELETING_NOIO:
	case NPP_STATES:
		break;
	}
	return torn_down(s);
}

} // namespace transitions

// @held: somebody holds the controller down, the event's own holds taken into account.
NPP_INLINE constexpr Transition transition(npp_state s, npp_ctrl_event event, bool held)
{
	switch (event) {
	case NPP_EV_STARTED:
		return s == NPP_NEW ? transitions::go(NPP_LIVE) : transitions::refuse(s);
	case NPP_EV_RESET:
		return transitions::reset(s);
	case NPP_EV_USER_RESET:
		return transitions::user_reset(s, held);
	case NPP_EV_HOLD:
		return transitions::hold(s);
	case NPP_EV_RELEASE:
		return transitions::release(s, held);
	case NPP_EV_FAIL:
		return transitions::fail(s);
	case NPP_EV_DELETE:
		return transitions::remove(s);
	case NPP_EV_DELETE_NOIO:
		return s == NPP_DELETING_NOIO || s == NPP_NEW ? transitions::refuse(s)
							      : transitions::go(NPP_DELETING_NOIO);
	case NPP_EV_WORK_BEGINS:
		return transitions::work_begins(s);
	case NPP_EV_TORN_DOWN:
		return transitions::torn_down(s);
	case NPP_EV_BROUGHT_UP:
		return transitions::brought_up(s);
	case NPP_EV_NOT_UP:
		return transitions::not_up(s, false);
	case NPP_EV_LOST:
		return transitions::not_up(s, true);
	case NPP_EVS:
		break;
	}
	return transitions::refuse(s);
}

} // namespace npp
