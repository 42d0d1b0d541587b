// SPDX-License-Identifier: GPL-2.0
// Discards: include/nvmepp/discard.h.

#include "discard.hpp"

namespace npp
{

namespace
{

constexpr u32 SECTOR_SHIFT = 9;
constexpr u64 MOST_MERGED_SECTORS = (u64{1} << 30) >> SECTOR_SHIFT;

constexpr u16 announced_ranges(u32 most)
{
	return static_cast<u16>((most + 1) / 2);
}
static_assert(announced_ranges(1) == 1 && announced_ranges(2) == 1);
static_assert(announced_ranges(NPP_MAX_RANGES) == 128);

} // namespace

} // namespace npp

extern "C" {

void npp_announce_discards(const npp_ctrl_info *info, u8 block_shift, npp_discard_limits *l)
{
	const u64 blocks = info->max_discard_blocks ? info->max_discard_blocks : ~u32{0};
	const u64 sectors = blocks << (block_shift - npp::SECTOR_SHIFT);

	l->ranges = npp::announced_ranges(info->max_discard_ranges);
	const u64 most = l->ranges == 1 ? u64{~u32{0}} : npp::MOST_MERGED_SECTORS;

	l->sectors = info->can_discard ? static_cast<u32>(npp::min(sectors, most)) : 0;
}

void npp_ranges_begin(npp_ranges *r, void *page, const npp_ctrl_info *info)
{
	r->page = page;
	r->blocks_left = info->max_discard_blocks ? info->max_discard_blocks : ~u64{0};
	r->most = info->max_discard_ranges;
	r->count = 0;
}

bool npp_ranges_add(npp_ranges *r, u64 slba, u32 blocks)
{
	if (r->count == r->most || blocks > r->blocks_left)
		return false;
	npp::set_range(r->page, r->count++, slba, blocks);
	r->blocks_left -= blocks;
	return true;
}

u32 npp_ranges_end(npp_ranges *r)
{
	u8 *end = static_cast<u8 *>(r->page) + r->count * NPP_RANGE_BYTES;

	__builtin_memset(end, 0, (NPP_MAX_RANGES - r->count) * NPP_RANGE_BYTES);
	return r->count;
}

} // extern "C"
