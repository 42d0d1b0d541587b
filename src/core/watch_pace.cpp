// SPDX-License-Identifier: GPL-2.0
// The C entry points of the watchdog's pace.

#include "watch_pace.hpp"

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

} // extern "C"
