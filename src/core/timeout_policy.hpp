// SPDX-License-Identifier: GPL-2.0
// What to do about a command that timed out: the rule for which this driver exists.
// Upstream has it as "nvme/pci: Poll CQ on timeout" (7776db1ccc12): the completion
// queue is polled first, and only where that poll finds nothing is the controller
// reset.  Here the poll's result is an argument, so nothing can be decided without one.
//
// npp_timeout() in src/linux/recovery/timeout.c polls, gathers the facts and acts.
// The proof that no combination of facts breaks the rule follows the function.
#pragma once

#include "ctrl_state.hpp"

#include <nvmepp/timeout.h>

namespace npp
{

static constexpr npp_timeout_action decide_timeout(const npp_timeout_facts &f,
						   npp_poll_result found)
{
	if (found == NPP_POLL_COMPLETED || found == NPP_POLL_RACED)
		return NPP_TIMEOUT_DONE; // a lost interrupt, or a race with the handler
	if (f.of_bring_up || f.state == NPP_NEW)
		return NPP_TIMEOUT_ABANDON; // the attempt fails, and may be repeated
	if (f.gone)
		return NPP_TIMEOUT_FAIL_CTRL; // no completion can come: fail, do not hang
	if (f.state == NPP_DELETING)
		return NPP_TIMEOUT_FAIL_CTRL; // a removal is not held up by a lost command
	if (f.state != NPP_LIVE)
		return NPP_TIMEOUT_EXTEND; // the teardown cancels the command
	if (!f.channel_online && f.extensions != NPP_EXTENSIONS_EXHAUSTED)
		return NPP_TIMEOUT_EXTEND; // PCI error recovery, but not for ever (651438bb0af5)
	if (found == NPP_POLL_OTHERS && f.extensions == NPP_NOT_EXTENDED && f.channel_online)
		return NPP_TIMEOUT_GRACE; // the queue may have had no room for this one
	return NPP_TIMEOUT_RESET;
}

namespace timeout_policy_proof
{

// Calls @holds with every combination of facts; true if it always held.
template <typename Property> static constexpr bool always(Property holds)
{
	npp_timeout_facts f{};

	for (int found = 0; found < NPP_POLLS; found++)
		for (int state = 0; state < NPP_STATES; state++)
			for (int extensions = 0; extensions < NPP_EXTENSIONS; extensions++)
				for (unsigned bits = 0; bits < 16; bits++) {
					const auto poll = static_cast<npp_poll_result>(found);

					f.state = static_cast<npp_state>(state);
					f.extensions = static_cast<npp_extensions>(extensions);
					f.gone = bits & 1;
					f.channel_online = bits & 2;
					f.fatal = bits & 4;
					f.of_bring_up = bits & 8;
					if (!holds(f, poll, decide_timeout(f, poll)))
						return false;
				}
	return true;
}

using Facts = npp_timeout_facts;

static constexpr bool completed(npp_poll_result found)
{
	return found == NPP_POLL_COMPLETED || found == NPP_POLL_RACED;
}

static constexpr bool served_by_device(const Facts &f)
{
	return f.state == NPP_LIVE && !f.gone && !f.of_bring_up;
}

static_assert(always([](const Facts &, npp_poll_result found, npp_timeout_action action) {
		      return (action == NPP_TIMEOUT_DONE) == completed(found);
	      }),
	      "done exactly when the poll shows that the command has completed");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      return action != NPP_TIMEOUT_RESET ||
			     (served_by_device(f) && !completed(found));
	      }),
	      "reset only a live controller, and only where the poll did not find the command");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      const bool must =
			      served_by_device(f) && f.channel_online && found == NPP_POLL_EMPTY;
		      return !must || action == NPP_TIMEOUT_RESET;
	      }),
	      "a poll that finds nothing on a live controller resets, whatever else");

static_assert(always([](const Facts &f, npp_poll_result, npp_timeout_action action) {
		      return action != NPP_TIMEOUT_FAIL_CTRL || f.gone || f.state == NPP_DELETING;
	      }),
	      "no controller fails that is there and stays");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      return !f.gone || completed(found) || action == NPP_TIMEOUT_FAIL_CTRL ||
			     action == NPP_TIMEOUT_ABANDON;
	      }),
	      "a device that is gone is never waited for");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      return !f.of_bring_up || completed(found) || action == NPP_TIMEOUT_ABANDON;
	      }),
	      "the worker does not wait for itself");

static_assert(always([](const Facts &f, npp_poll_result, npp_timeout_action action) {
		      return action != NPP_TIMEOUT_EXTEND || f.state != NPP_LIVE ||
			     f.extensions != NPP_EXTENSIONS_EXHAUSTED;
	      }),
	      "no extension for ever: they are counted, or a teardown ends the command");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      return action != NPP_TIMEOUT_GRACE ||
			     (found == NPP_POLL_OTHERS && served_by_device(f) && f.channel_online &&
			      f.extensions == NPP_NOT_EXTENDED);
	      }),
	      "a grace period once, and only where the device has served others");

static_assert(always([](const Facts &f, npp_poll_result found, npp_timeout_action action) {
		      Facts other = f;
		      other.fatal = !f.fatal;
		      return decide_timeout(other, found) == action;
	      }),
	      "CSTS changes what is reported, not what is done");

} // namespace timeout_policy_proof

} // namespace npp
