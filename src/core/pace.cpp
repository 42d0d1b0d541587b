// SPDX-License-Identifier: GPL-2.0
// The C entry points of the watchdog's and the fallback poll's pace.

#include "pace.hpp"

extern "C" {

u32 npp_watch_tick_us(const npp_watch_pace *p, u64 now_ms, u32 normal_us)
{
	return npp::watch_tick_us(*p, now_ms, normal_us);
}

void npp_watch_lost(npp_watch_pace *p, u64 now_ms)
{
	npp::watch_lost(*p, now_ms);
}

void npp_watch_calm(npp_watch_pace *p)
{
	npp::watch_calm(*p);
}

void npp_watch_late(npp_watch_pace *p)
{
	npp::watch_late(*p);
}

u64 npp_poll_pace_start(npp_poll_pace *p)
{
	return npp::PollPace(*p).start();
}

u64 npp_poll_pace_next(npp_poll_pace *p, u32 found, u32 in_flight)
{
	return npp::PollPace(*p).next(found, in_flight);
}

} // extern "C"
