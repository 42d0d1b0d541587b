// SPDX-License-Identifier: GPL-2.0
// What holds of the controller's life over all states, events and holds.  Included by
// ctrl_state.cpp alone: a change of the table that breaks one of these does not compile.
#pragma once

#include "ctrl_state.hpp"

namespace npp::ctrl_state_proof
{

constexpr npp_state nth_state(int i)
{
	return static_cast<npp_state>(i);
}

constexpr npp_ctrl_event nth_event(int i)
{
	return static_cast<npp_ctrl_event>(i);
}

// Calls @holds with every state, event, and what follows; true if it always held.
template <typename Property> constexpr bool always(Property holds)
{
	for (int s = 0; s < NPP_STATES; s++)
		for (int e = 0; e < NPP_EVS; e++)
			for (int held = 0; held < 2; held++)
				if (!holds(nth_state(s), nth_event(e),
					   transition(nth_state(s), nth_event(e), held)))
					return false;
	return true;
}

static constexpr bool is_workers_event(npp_ctrl_event e)
{
	return e >= NPP_EV_WORK_BEGINS;
}

// In DELETING_NOIO the worker that was queued before still ends what it has begun.
static constexpr bool may_touch_hardware(npp_state s)
{
	return is_workers(s) || s == NPP_DELETING_NOIO;
}

static_assert(always([](npp_state s, npp_ctrl_event, Transition t) {
		      return t.accepted || (t.to == s && !t.queue_work && t.step == NPP_WORK_END);
	      }),
	      "what is refused changes nothing");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return !t.queue_work ||
			     (!is_workers_event(e) && !is_workers(s) && may_touch_hardware(t.to));
	      }),
	      "the worker is queued only where it does not own the hardware: never two of it");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return is_workers(s) || is_workers_event(e) || !is_workers(t.to) ||
			     t.queue_work;
	      }),
	      "what becomes the worker's has the worker queued");

static_assert(always([](npp_state, npp_ctrl_event e, Transition t) {
		      const bool goes_on =
			      t.step == NPP_WORK_TEAR_DOWN || t.step == NPP_WORK_BRING_UP;
		      return !is_workers_event(e) || !t.accepted ||
			     (goes_on ? may_touch_hardware(t.to) : !is_workers(t.to));
	      }),
	      "the worker goes on while the hardware is its own, and then ends");

static_assert(always([](npp_state s, npp_ctrl_event, Transition t) {
		      return !is_removal(s) || is_removal(t.to);
	      }),
	      "nothing leads out of a removal");

static_assert(always([](npp_state s, npp_ctrl_event, Transition t) {
		      return s != NPP_DELETING_NOIO || (t.to == s && !t.queue_work);
	      }),
	      "nothing is queued behind a removal, which is final");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return t.to != NPP_DEAD || s == NPP_DEAD || s == NPP_FAILING ||
			     (e == NPP_EV_LOST && (s == NPP_CONNECTING || s == NPP_RECONNECT_WAIT));
	      }),
	      "dead only by an attempt that is lost, or on purpose");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return t.to != NPP_FAILING || s == NPP_FAILING || e == NPP_EV_FAIL;
	      }),
	      "failing only where the device is gone");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return e != NPP_EV_RESET || t.accepted == (s == NPP_LIVE);
	      }),
	      "a timeout resets a live controller only: two resets cannot overlap");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return e != NPP_EV_NOT_UP || s != NPP_CONNECTING ||
			     t.to == NPP_RECONNECT_WAIT;
	      }),
	      "an attempt that fails is followed by another");

static_assert(always([](npp_state s, npp_ctrl_event e, Transition t) {
		      return e != NPP_EV_DELETE_NOIO || s == NPP_NEW || t.to == NPP_DELETING_NOIO;
	      }),
	      "removal is one step away from everywhere");

static_assert(always([](npp_state, npp_ctrl_event, Transition t) {
		      switch (t.step) {
		      case NPP_WORK_SERVE_IO:
			      return !io_waits(t.to) && !io_fails(t.to);
		      case NPP_WORK_FAIL_IO:
			      return io_fails(t.to);
		      case NPP_WORK_WAIT:
			      return t.to == NPP_RECONNECT_WAIT;
		      case NPP_WORK_END:
		      case NPP_WORK_TEAR_DOWN:
		      case NPP_WORK_BRING_UP:
		      case NPP_WORK_FAIL_FAST:
		      case NPP_WORK_STEPS:
			      break;
		      }
		      return true;
	      }),
	      "I/O is unquiesced where it is served, or fails");

static constexpr bool every_state_has_an_exit()
{
	for (int s = 0; s < NPP_STATES; s++) {
		bool exit = s == NPP_DELETING_NOIO;

		for (int e = 0; e < NPP_EVS; e++)
			exit |= transition(nth_state(s), nth_event(e), false).to != s;
		if (!exit)
			return false;
	}
	return true;
}
static_assert(every_state_has_an_exit());

// States that can be reached, with and without holds.
struct Reached {
	bool is[NPP_STATES][2] = {};
};

// One more event from all that is reached so far; true if that found something new.
static constexpr bool spread(Reached &r)
{
	bool found = false;

	for (int s = 0; s < NPP_STATES; s++)
		for (int held = 0; held < 2; held++)
			for (int e = 0; r.is[s][held] && e < NPP_EVS; e++)
				for (int after = 0; after < 2; after++) {
					// Only two events change who holds it, and removal ends all.
					const bool holds = e == NPP_EV_HOLD      ? true
							   : e == NPP_EV_RELEASE ? after && held
										 : held;
					const Transition t =
						transition(nth_state(s), nth_event(e), holds);
					const bool kept =
						t.accepted ? holds && !is_removal(t.to) : held;

					found |= !r.is[t.to][kept];
					r.is[t.to][kept] = true;
				}
	return found;
}

constexpr Reached reachable()
{
	Reached r;

	r.is[NPP_NEW][false] = true;
	while (spread(r))
		;
	return r;
}

static constexpr bool what_is_held_stays_down()
{
	const Reached r = reachable();

	for (int s = 0; s < NPP_STATES; s++) {
		const bool down =
			s == NPP_PAUSING || s == NPP_PAUSED || s == NPP_FAILING || s == NPP_DEAD;

		if (r.is[s][true] != down || !(r.is[s][true] || r.is[s][false]))
			return false;
	}
	return !r.is[NPP_PAUSED][false] && !r.is[NPP_PAUSING][false];
}
static_assert(what_is_held_stays_down());

// Whatever has happened, a device that works again serves again: the worker succeeds
// in all that it does, holds end, and a user resets a failed controller.
static constexpr bool recovers(npp_state s)
{
	for (int step = 0; step < 8 && s != NPP_LIVE; step++) {
		if (s == NPP_PAUSED)
			s = transition(s, NPP_EV_RELEASE, false).to;
		else if (s == NPP_DEAD)
			s = transition(s, NPP_EV_USER_RESET, false).to;
		else if (s == NPP_CONNECTING)
			s = transition(s, NPP_EV_BROUGHT_UP, false).to;
		else if (s == NPP_RECONNECT_WAIT)
			s = transition(s, NPP_EV_WORK_BEGINS, false).to;
		else
			s = transition(s, s == NPP_NEW ? NPP_EV_STARTED : NPP_EV_TORN_DOWN, false)
				    .to;
	}
	return s == NPP_LIVE;
}

static constexpr bool all_but_removal_recovers()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (recovers(nth_state(s)) == is_removal(nth_state(s)))
			return false;
	return true;
}
static_assert(all_but_removal_recovers());

} // namespace npp::ctrl_state_proof
