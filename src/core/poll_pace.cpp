// SPDX-License-Identifier: GPL-2.0
// The C entry points of the fallback poll's pace.

#include "poll_pace.hpp"

extern "C" {

u64 npp_poll_pace_start(npp_poll_pace *p)
{
	return npp::PollPace(*p).start();
}

u64 npp_poll_pace_next(npp_poll_pace *p, u32 found, u32 in_flight)
{
	return npp::PollPace(*p).next(found, in_flight);
}

} // extern "C"
