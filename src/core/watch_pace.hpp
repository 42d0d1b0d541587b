// SPDX-License-Identifier: GPL-2.0
// The length of the watchdog's tick.
#pragma once

#include "lang.hpp"

#include <nvmepp/watch_pace.h>

namespace npp
{

// A tick is a thousandth of the time since the last loss, so that one of its microseconds
// is a millisecond of that time.
NPP_INLINE constexpr u32 watch_tick_us(const npp_watch_pace &p, u64 now_ms, u32 normal_us)
{
	if (!p.least_us)
		return normal_us;
	return static_cast<u32>(min(max(now_ms - p.lost_ms, u64{p.least_us}), u64{normal_us}));
}

NPP_INLINE constexpr void watch_lost(npp_watch_pace &p, u64 now_ms)
{
	if (!p.least_us || now_ms - p.lost_ms >= NPP_WATCH_FORGET_MS)
		p.least_us = NPP_WATCH_LEAST_US;
	p.lost_ms = now_ms;
}

NPP_INLINE constexpr void watch_calm(npp_watch_pace &p)
{
	p.lost_ms -= NPP_WATCH_CALM_MS;
}

NPP_INLINE constexpr void watch_late(npp_watch_pace &p)
{
	p.least_us = min(2 * p.least_us, NPP_WATCH_LATE_MAX_US);
}

} // namespace npp
