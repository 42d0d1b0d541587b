// SPDX-License-Identifier: GPL-2.0
// The stall detector: when does a completion that waits without an interrupt count as
// one whose interrupt was lost?  Used by the watchdog for each I/O queue and for the
// admin queue, and by those who wait for admin commands.
#pragma once

#include "lang.hpp"

#include <nvmepp/stall.h>

namespace npp
{

// Whole ticks, so that an interrupt that the device merely holds back is waited for.
static constexpr u32 stall_ticks(u32 coalescing_us, u32 tick_us)
{
	const u32 held_back = coalescing_us / tick_us + 1;

	return held_back > 2 ? held_back : 2;
}

static constexpr u32 stall_bucket(u64 ms)
{
	const u32 bits = ms ? 64 - static_cast<u32>(__builtin_clzll(ms)) : 0;

	return bits < NPP_STALL_BUCKETS ? bits : NPP_STALL_BUCKETS - 1;
}
static_assert(stall_bucket(0) == 0 && stall_bucket(1) == 1 && stall_bucket(2) == 2 &&
	      stall_bucket(3) == 2 && stall_bucket(~u64{0}) == NPP_STALL_BUCKETS - 1);

class StallDetector {
public:
	NPP_INLINE constexpr explicit StallDetector(npp_stall &stall) : s(stall) {}

	NPP_INLINE constexpr bool progress(u64 taken, u64 interrupts, bool pending)
	{
		if (taken == s.taken)
			return false;
		s.taken = taken;
		s.interrupts = interrupts;
		s.ticks = pending;
		return true;
	}

	NPP_INLINE constexpr npp_stall_state tick(u64 interrupts, bool pending, u32 limit)
	{
		if (!pending || (s.ticks && interrupts != s.interrupts)) {
			// An interrupt came: what waits now is measured from here.
			s.interrupts = interrupts;
			s.ticks = pending;
			return NPP_CQ_NOT_STALLED;
		}
		s.interrupts = interrupts;
		if (s.ticks >= limit) {
			s.ticks = 0;
			return NPP_CQ_STALLED;
		}
		return s.ticks++ == 1 ? NPP_CQ_DIAGNOSE : NPP_CQ_WAITING;
	}

	NPP_INLINE constexpr bool confirmed(u64 taken, u64 interrupts, bool pending) const
	{
		return pending && taken == s.taken && interrupts == s.interrupts;
	}

private:
	npp_stall &s;
};

namespace stall_proof
{

constexpr bool ticks_outlast_coalescing()
{
	for (u32 tick_us = 1; tick_us <= 64; tick_us++)
		for (u32 coalescing_us = 0; coalescing_us <= 256; coalescing_us++) {
			const u32 ticks = stall_ticks(coalescing_us, tick_us);

			if (ticks < 2 || ticks * tick_us <= coalescing_us)
				return false;
			if (ticks > 2 && (ticks - 1) * tick_us > coalescing_us)
				return false;
		}
	return true;
}
static_assert(ticks_outlast_coalescing(),
	      "two ticks, or as few as are longer than an interrupt is held back");

// Every history of a few ticks, each of which may bring progress, an interrupt, or the
// end of the wait.
constexpr bool stalls_only_after_whole_ticks(u32 limit)
{
	constexpr u32 ticks = 6;

	for (u32 history = 0; history < 1u << 2 * ticks; history++) {
		npp_stall stall{};
		StallDetector detector(stall);
		u64 taken = 0, interrupts = 0;
		u32 unmoved = 0; // ticks in a row at which the same completion was waiting

		for (u32 tick = 0; tick < ticks; tick++) {
			const u32 event = history >> 2 * tick & 3;
			const bool pending = event != 3;

			taken += event == 1;
			interrupts += event == 2;
			if (detector.progress(taken, interrupts, pending)) {
				unmoved = pending;
				continue;
			}
			unmoved = !pending ? 0 : event == 2 ? 1 : unmoved + 1;
			const bool stalled =
				detector.tick(interrupts, pending, limit) == NPP_CQ_STALLED;
			if (stalled != (unmoved == limit + 1))
				return false;
			if (stalled && !detector.confirmed(taken, interrupts, true))
				return false;
			if (stalled)
				unmoved = 0;
		}
	}
	return true;
}
static_assert(stalls_only_after_whole_ticks(1) && stalls_only_after_whole_ticks(2),
	      "stalled is only what nothing has moved for the whole limit");

} // namespace stall_proof

} // namespace npp
