// SPDX-License-Identifier: GPL-2.0
// Physical region pages: base specification 2.0, 4.3.1.
#pragma once

#include "lang.hpp"

#include <nvmepp/core.h>

namespace npp
{

// PRP2 of @bytes contiguous bytes from @addr that touch at most two pages: the
// second page, or 0 where one is enough.
NPP_INLINE constexpr u64 second_page(u64 addr, u32 bytes, u8 page_shift)
{
	const u64 page = u64{1} << page_shift;
	const u64 second = (addr & ~(page - 1)) + page;

	return second < addr + bytes ? second : 0;
}

} // namespace npp
