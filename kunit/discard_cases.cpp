// SPDX-License-Identifier: GPL-2.0
// Discards: what is announced, and what a list of ranges takes.

#include "corpus.hpp"

#include <nvmepp/discard.h>

namespace
{

npp_ctrl_info controller(u16 ranges, u32 blocks)
{
	npp_ctrl_info info{};

	info.can_discard = 1;
	info.max_discard_ranges = ranges;
	info.max_discard_blocks = blocks;
	return info;
}

npp_discard_limits limits(u16 ranges, u32 blocks, u8 block_shift)
{
	const npp_ctrl_info info = controller(ranges, blocks);
	npp_discard_limits l;

	npp_announce_discards(&info, block_shift, &l);
	return l;
}

// Two requests that are merged have no more than the controller takes, nor do their bytes wrap.
void discard_limits_leave_room_for_a_merge()
{
	for (u16 most = 1; most <= 256; most++) {
		const npp_discard_limits l = limits(most, 0, 9);

		EXPECT(l.ranges >= 1 && 2u * l.ranges - 1 <= most);
		EXPECT(2u * l.ranges + 1 > most); // and no less than that
		EXPECT_EQ(l.sectors, l.ranges == 1 ? 0xffffffff : 1u << 21);
	}
}

void discard_limits_are_in_sectors()
{
	EXPECT_EQ(limits(256, 100, 9).sectors, 100);
	EXPECT_EQ(limits(256, 100, 12).sectors, 800);
	EXPECT_EQ(limits(1, 0xffffffff, 12).sectors, 0xffffffff);
	EXPECT_EQ(limits(256, 0xffffffff, 12).sectors, 1u << 21);
}

void discard_limits_of_a_controller_without()
{
	npp_ctrl_info info = controller(256, 100);
	npp_discard_limits l;

	info.can_discard = 0;
	npp_announce_discards(&info, 9, &l);
	EXPECT_EQ(l.sectors, 0);
}

// What does not fit is left out, and what was taken is not changed by it.
void discard_ranges_beyond_the_limits_are_left_out()
{
	u8 *page = static_cast<u8 *>(test_alloc(4096));
	npp_ctrl_info info = controller(3, 0);
	npp_ranges r;

	__builtin_memset(page, 0xaa, 4096);
	npp_ranges_begin(&r, page, &info);
	for (u32 n = 0; n < 5; n++)
		EXPECT_EQ(npp_ranges_add(&r, 100 * n, 8), n < 3);
	EXPECT_EQ(npp_ranges_end(&r), 3);
	for (u32 at = 0; at < 4096; at++)
		EXPECT_EQ(page[at], at == 4 || at == 20 || at == 36 ? 8
				    : at == 24                      ? 100
				    : at == 40                      ? 200
								    : 0);
}

void discard_ranges_stop_at_the_total_and_at_a_page()
{
	u8 *page = static_cast<u8 *>(test_alloc(4096));
	npp_ctrl_info info = controller(256, 20);
	npp_ranges r;

	npp_ranges_begin(&r, page, &info);
	EXPECT(npp_ranges_add(&r, 0, 12));
	EXPECT(!npp_ranges_add(&r, 100, 9));
	EXPECT(npp_ranges_add(&r, 200, 8));
	EXPECT(!npp_ranges_add(&r, 300, 1));
	EXPECT_EQ(npp_ranges_end(&r), 2);

	info = controller(256, 0);
	npp_ranges_begin(&r, page, &info);
	for (u32 n = 0; n < 257; n++)
		EXPECT_EQ(npp_ranges_add(&r, 0, 0xffffffff), n < 256);
	EXPECT_EQ(npp_ranges_end(&r), 256);
}

constexpr test::Case cases[] = {
	CASE(discard_limits_leave_room_for_a_merge),
	CASE(discard_limits_are_in_sectors),
	CASE(discard_limits_of_a_controller_without),
	CASE(discard_ranges_beyond_the_limits_are_left_out),
	CASE(discard_ranges_stop_at_the_total_and_at_a_page),
};

} // namespace

constinit const test::Group test::discard_cases = test::group(cases);
