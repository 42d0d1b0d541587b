// SPDX-License-Identifier: GPL-2.0
// What to do about a command whose time is over.  This function is the reason
// for this driver: nothing is reset before the completion queue has been looked
// at, and what the look finds is never followed by a reset.
//
// The handler that gathers the facts and takes the steps is in
// src/linux/timeout.c; the proof that no combination of facts breaks the rule
// follows the function.
#pragma once

#include "lang.hpp"

#include <nvmepp/timeout.h>

namespace npp
{

NPP_INLINE constexpr npp_step timeout_step(const npp_timeout_facts &f)
{
	switch (f.look) {
	case NPP_LOOK_NOT_YET:
		return NPP_STEP_LOOK; // the queue is host memory: looking is free
	case NPP_LOOK_COMPLETED:      // its interrupt was lost
	case NPP_LOOK_ELSEWHERE:      // it raced with the handler: nothing was lost
		return NPP_STEP_DONE;
	case NPP_LOOK_OTHERS:
	case NPP_LOOK_NOTHING:
	case NPP_LOOKS:
		break;
	}

	if (!f.present)
		return NPP_STEP_DISABLE; // nothing is left to reset: fail, do not hang
	if (f.state == NPP_RESETTING && !f.of_bring_up)
		return NPP_STEP_EXTEND; // the reset is bounded and owns the command
	if (f.state != NPP_LIVE && f.state != NPP_PAUSED)
		return NPP_STEP_DISABLE; // bring-up, removal, failed: unblock the waiter
	// Sleep or PCI error recovery owns the device, but not for ever.
	if (f.state == NPP_PAUSED || !f.channel_online)
		return f.patience == NPP_PATIENCE_EXHAUSTED ? NPP_STEP_DISABLE : NPP_STEP_EXTEND;
	if (f.look == NPP_LOOK_OTHERS && f.patience == NPP_PATIENCE_FRESH)
		return NPP_STEP_WAIT; // alive and unheard: this one may have had no room
	return NPP_STEP_RESET;
}

namespace timeout_policy_proof
{

// Calls @holds with every combination of facts; true if it always held.
template <typename Property> constexpr bool always(Property holds)
{
	npp_timeout_facts f{};

	for (int look = 0; look < NPP_LOOKS; look++)
		for (int state = 0; state < NPP_STATES; state++)
			for (int patience = 0; patience < NPP_PATIENCES; patience++)
				for (unsigned bits = 0; bits < 16; bits++) {
					f.look = static_cast<npp_look>(look);
					f.state = static_cast<npp_state>(state);
					f.patience = static_cast<npp_patience>(patience);
					f.present = bits & 1;
					f.channel_online = bits & 2;
					f.fatal = bits & 4;
					f.of_bring_up = bits & 8;
					if (!holds(f, timeout_step(f)))
						return false;
				}
	return true;
}

using Facts = npp_timeout_facts;

constexpr bool found(const Facts &f)
{
	return f.look == NPP_LOOK_COMPLETED || f.look == NPP_LOOK_ELSEWHERE;
}

static_assert(always([](const Facts &f, npp_step step) {
		      return (step == NPP_STEP_LOOK) == (f.look == NPP_LOOK_NOT_YET);
	      }),
	      "look exactly when nobody has looked");

static_assert(always([](const Facts &f, npp_step step) {
		      return (step == NPP_STEP_DONE) == found(f);
	      }),
	      "done exactly when the command is done");

static_assert(always([](const Facts &f, npp_step step) {
		      return step != NPP_STEP_RESET ||
			     (f.state == NPP_LIVE && f.present && f.channel_online &&
			      (f.look == NPP_LOOK_NOTHING || f.look == NPP_LOOK_OTHERS));
	      }),
	      "reset only a live, reachable controller, and only after a look");

static_assert(always([](const Facts &f, npp_step step) {
		      const bool must = f.state == NPP_LIVE && f.present && f.channel_online &&
					f.look == NPP_LOOK_NOTHING;
		      return !must || step == NPP_STEP_RESET;
	      }),
	      "a look that finds nothing on a live controller resets, whatever else");

static_assert(always([](const Facts &f, npp_step step) {
		      const bool bounded = f.state == NPP_RESETTING && !f.of_bring_up;
		      return step != NPP_STEP_EXTEND || bounded ||
			     f.patience != NPP_PATIENCE_EXHAUSTED;
	      }),
	      "no extension for ever: patience ends, or a bounded reset does");

static_assert(always([](const Facts &f, npp_step step) {
		      return step != NPP_STEP_WAIT ||
			     (f.look == NPP_LOOK_OTHERS && f.state == NPP_LIVE && f.present &&
			      f.channel_online && f.patience == NPP_PATIENCE_FRESH);
	      }),
	      "a moment more only once, and only where the device has served others");

static_assert(always([](const Facts &f, npp_step step) {
		      return f.look == NPP_LOOK_NOT_YET || found(f) || f.present ||
			     step == NPP_STEP_DISABLE;
	      }),
	      "a device that is gone is never waited for");

static_assert(always([](const Facts &f, npp_step step) {
		      Facts other = f;
		      other.fatal = !f.fatal;
		      return timeout_step(other) == step;
	      }),
	      "CSTS.CFS changes what is reported, not what is done");

} // namespace timeout_policy_proof

} // namespace npp
