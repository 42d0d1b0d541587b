// SPDX-License-Identifier: GPL-2.0
// The time between polls of a queue in fallback poll.
#pragma once

#include "lang.hpp"

#include <nvmepp/poll_pace.h>

namespace npp
{

// Polls when a completion is due and then after each eighth of what has passed.  A poll
// costs the machine more than a few percent of a command's time, so the first one comes when
// half of the completions are there.
class PollPace {
public:
	NPP_INLINE constexpr explicit PollPace(npp_poll_pace &pace) : p(pace) {}

	NPP_INLINE constexpr u64 start()
	{
		p.waited_ns = 0;
		return wait(p.usual_ns, NPP_POLL_MIN_NS);
	}

	NPP_INLINE constexpr u64 next(u32 found, u32 in_flight)
	{
		const u64 least_ns = in_flight > 1 ? NPP_POLL_BUSY_NS : NPP_POLL_MIN_NS;

		if (!found)
			return wait(p.waited_ns / 8, least_ns);
		learn(p.waited_ns, found > 1 && in_flight);
		p.waited_ns = 0;
		return wait(p.usual_ns, least_ns);
	}

private:
	// What was asked for is what counts, not what the clock says: a timer that is always
	// late would make the usual time longer each time.
	NPP_INLINE constexpr u64 wait(u64 ns, u64 least_ns)
	{
		ns = min(max(ns, least_ns), u64{NPP_POLL_MAX_NS});
		p.waited_ns += ns;
		return ns;
	}

	// Of an outage nothing is learned: one that took long moves the usual time by a 32nd, and
	// one that the first poll finds, which may have been there for a while, by a 24th.  So
	// that poll finds four of seven, and of quick and slow ones by turns the quick ones.  A
	// poll that finds several of more could have been sooner, but none is sooner than
	// NPP_POLL_BUSY_NS then.
	NPP_INLINE constexpr void learn(u64 waited_ns, bool several)
	{
		if (waited_ns > p.usual_ns)
			p.usual_ns += min(waited_ns - p.usual_ns, p.usual_ns / 8) / 4;
		else
			p.usual_ns -= p.usual_ns / 24;
		if (several && p.usual_ns > NPP_POLL_BUSY_NS)
			p.usual_ns /= 2;
		p.usual_ns = min(max(p.usual_ns, u64{NPP_POLL_MIN_NS}), u64{NPP_POLL_MAX_NS});
	}

	npp_poll_pace &p;
};

} // namespace npp
