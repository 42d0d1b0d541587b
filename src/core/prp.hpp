// SPDX-License-Identifier: GPL-2.0
// Physical region pages: base specification 2.0, 4.3.1.
#pragma once

#include "lang.hpp"

#include <nvmepp/prp.h>

namespace npp
{

// PRP2 of @bytes contiguous bytes from @addr that touch at most two pages: the
// second page, or 0 where one is enough. @page_mask: the page's bytes less one.
NPP_INLINE constexpr u64 second_page(u64 addr, u32 bytes, u64 page_mask)
{
	const u64 second = (addr | page_mask) + 1;

	return second < addr + bytes ? second : 0;
}

} // namespace npp
