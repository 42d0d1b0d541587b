// SPDX-License-Identifier: GPL-2.0
// The kind of loss, from what the registers say of a vector whose interrupt was lost.
#pragma once

#include "lang.hpp"

#include <nvmepp/loss.h>

namespace npp
{

// In the order in which one explains the other: the kernel masks the vector of an
// interrupt that it has disabled, and a masked vector has its pending bit set.
NPP_INLINE constexpr npp_loss loss_class(const npp_loss_facts &f)
{
	if (f.undeliverable)
		return NPP_LOSS_UNDELIVERABLE;
	if (f.masked)
		return NPP_LOSS_MASKED;
	if (f.message_differs)
		return NPP_LOSS_MESSAGE;
	if (f.pending)
		return NPP_LOSS_PENDING;
	if (f.intx_asserted)
		return NPP_LOSS_INTX;
	if (f.came_early)
		return NPP_LOSS_EARLY;
	return NPP_LOSS_SILENT;
}

// In 64 bits: an offset just below 4 GiB would wrap to a small one.
NPP_INLINE constexpr bool pba_dword(u32 pba, u16 vector, u64 bar_bytes, u32 &offset)
{
	constexpr u32 bar_indicator = 7;
	const u64 at = u64{pba & ~bar_indicator} + vector / 32u * 4u;

	offset = static_cast<u32>(at);
	return !(pba & bar_indicator) && at + sizeof(u32) <= bar_bytes;
}

} // namespace npp
