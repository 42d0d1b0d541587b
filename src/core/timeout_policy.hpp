// SPDX-License-Identifier: GPL-2.0
// What to do about a command whose time is over.  This function is the reason
// for this driver: nothing is reset before the completion queue has been looked
// at, and what the poll finds is never followed by a reset.
//
// The handler that gathers the facts and takes the steps is in
// src/linux/recovery/timeout.c; the proof that no combination of facts breaks the rule
// follows the function.
#pragma once

#include "lang.hpp"

#include <nvmepp/timeout.h>

namespace npp
{

NPP_INLINE constexpr npp_timeout_action decide_timeout(const npp_timeout_facts &f)
{
	switch (f.poll) {
	case NPP_POLL_NOT_YET:
		return NPP_TIMEOUT_POLL; // the queue is host memory: looking is free
	case NPP_POLL_COMPLETED:         // its interrupt was lost
	case NPP_POLL_RACED:             // it raced with the handler: nothing was lost
		return NPP_TIMEOUT_DONE;
	case NPP_POLL_OTHERS:
	case NPP_POLL_EMPTY:
	case NPP_POLL_RESULTS:
		break;
	}

	if (!f.present)
		return NPP_TIMEOUT_FAIL_CTRL; // nothing is left to reset: fail, do not hang
	if (f.state == NPP_RESETTING && !f.of_bring_up)
		return NPP_TIMEOUT_EXTEND; // the reset is bounded and owns the command
	if (f.state != NPP_LIVE && f.state != NPP_PAUSED)
		return NPP_TIMEOUT_FAIL_CTRL; // bring-up, removal, failed: unblock the waiter
	// Sleep or PCI error recovery owns the device, but not for ever.
	if (f.state == NPP_PAUSED || !f.channel_online)
		return f.extensions == NPP_EXTENSIONS_EXHAUSTED ? NPP_TIMEOUT_FAIL_CTRL
								: NPP_TIMEOUT_EXTEND;
	if (f.poll == NPP_POLL_OTHERS && f.extensions == NPP_EXTENSIONS_NONE)
		return NPP_TIMEOUT_WAIT; // alive and unheard: this one may have had no room
	return NPP_TIMEOUT_RESET;
}

namespace timeout_policy_proof
{

// Calls @holds with every combination of facts; true if it always held.
template <typename Property> constexpr bool always(Property holds)
{
	npp_timeout_facts f{};

	for (int poll = 0; poll < NPP_POLL_RESULTS; poll++)
		for (int state = 0; state < NPP_STATES; state++)
			for (int extensions = 0; extensions < NPP_EXTENSIONS_VALUES; extensions++)
				for (unsigned bits = 0; bits < 16; bits++) {
					f.poll = static_cast<npp_poll_result>(poll);
					f.state = static_cast<npp_state>(state);
					f.extensions = static_cast<npp_extensions>(extensions);
					f.present = bits & 1;
					f.channel_online = bits & 2;
					f.fatal = bits & 4;
					f.of_bring_up = bits & 8;
					if (!holds(f, decide_timeout(f)))
						return false;
				}
	return true;
}

using Facts = npp_timeout_facts;

constexpr bool found(const Facts &f)
{
	return f.poll == NPP_POLL_COMPLETED || f.poll == NPP_POLL_RACED;
}

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      return (step == NPP_TIMEOUT_POLL) == (f.poll == NPP_POLL_NOT_YET);
	      }),
	      "look exactly when nobody has looked");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      return (step == NPP_TIMEOUT_DONE) == found(f);
	      }),
	      "done exactly when the command is done");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      return step != NPP_TIMEOUT_RESET ||
			     (f.state == NPP_LIVE && f.present && f.channel_online &&
			      (f.poll == NPP_POLL_EMPTY || f.poll == NPP_POLL_OTHERS));
	      }),
	      "reset only a live, reachable controller, and only after a poll");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      const bool must = f.state == NPP_LIVE && f.present && f.channel_online &&
					f.poll == NPP_POLL_EMPTY;
		      return !must || step == NPP_TIMEOUT_RESET;
	      }),
	      "a poll that finds nothing on a live controller resets, whatever else");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      const bool bounded = f.state == NPP_RESETTING && !f.of_bring_up;
		      return step != NPP_TIMEOUT_EXTEND || bounded ||
			     f.extensions != NPP_EXTENSIONS_EXHAUSTED;
	      }),
	      "no extension for ever: extensions ends, or a bounded reset does");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      return step != NPP_TIMEOUT_WAIT ||
			     (f.poll == NPP_POLL_OTHERS && f.state == NPP_LIVE && f.present &&
			      f.channel_online && f.extensions == NPP_EXTENSIONS_NONE);
	      }),
	      "a moment more only once, and only where the device has served others");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      return f.poll == NPP_POLL_NOT_YET || found(f) || f.present ||
			     step == NPP_TIMEOUT_FAIL_CTRL;
	      }),
	      "a device that is gone is never waited for");

static_assert(always([](const Facts &f, npp_timeout_action step) {
		      Facts other = f;
		      other.fatal = !f.fatal;
		      return decide_timeout(other) == step;
	      }),
	      "CSTS.CFS changes what is reported, not what is done");

} // namespace timeout_policy_proof

} // namespace npp
