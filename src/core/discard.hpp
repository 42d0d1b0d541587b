// SPDX-License-Identifier: GPL-2.0
// One range to deallocate: nvm 3.2.3.
#pragma once

#include "command_set.hpp"

#include <nvmepp/discard.h>

namespace npp
{

static_assert(sizeof(DsmRange) == NPP_RANGE_BYTES);

NPP_INLINE void set_range(void *ranges, u32 n, u64 slba, u32 blocks)
{
	DsmRange &r = static_cast<DsmRange *>(ranges)[n];

	r.attributes.set(0);
	r.blocks.set(blocks);
	r.slba.set(slba);
}

} // namespace npp
