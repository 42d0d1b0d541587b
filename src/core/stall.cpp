// SPDX-License-Identifier: GPL-2.0
// The C entry points of the stall detector.

#include "stall.hpp"

extern "C" {

u32 npp_stall_ticks(u32 coalescing_us, u32 tick_us)
{
	return npp::stall_ticks(coalescing_us, tick_us);
}

bool npp_stall_progress(npp_stall *s, u64 taken, u64 interrupts, bool pending)
{
	return npp::StallDetector(*s).progress(taken, interrupts, pending);
}

npp_stall_state npp_stall_tick(npp_stall *s, u64 interrupts, bool pending, u32 limit)
{
	return npp::StallDetector(*s).tick(interrupts, pending, limit);
}

bool npp_stall_confirmed(const npp_stall *s, u64 taken, u64 interrupts, bool pending)
{
	npp_stall copy = *s;

	return npp::StallDetector(copy).confirmed(taken, interrupts, pending);
}

u32 npp_stall_bucket(u64 ms)
{
	return npp::stall_bucket(ms);
}

} // extern "C"
