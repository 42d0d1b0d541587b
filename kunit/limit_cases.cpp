// SPDX-License-Identifier: GPL-2.0
// What a controller limits besides MDTS: discards, Write Zeroes.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 VERSION_2_0 = 0x00020000, VERSION_1_4 = 0x00010400;
constexpr u32 ONE_SET = 1, SEVERAL_SETS = 1 | 1 << 6; // CAP.CSS

Rig &rig_of(u32 version, u32 command_sets = ONE_SET)
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.version = version;
	rig.dev.controller.setup.command_sets = command_sets;
	EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 12), NPP_OK);
	EXPECT_EQ(rig.start_controller(), NPP_OK);
	return rig;
}

// What one range, and what all may have together: a command has up to that in all.
void discards_are_limited_by_both_numbers()
{
	const struct {
		u32 range;
		u64 total;
		u32 expected;
	} table[] = {
		{0, 0, 0},
		{7, 0, 7},
		{0, 9, 9},
		{7, 9, 7},
		{9, 7, 7},
		{~0u, 0, ~0u},
		{0, u64{1} << 32, 0},
		{5, ~u64{0}, 5},
	};

	for (const auto &row : table) {
		Rig &rig = rig_of(VERSION_2_0);
		u8 page[12];

		__builtin_memcpy(page, &row.range, 4);
		__builtin_memcpy(page + 4, &row.total, 8);
		rig.edit_page(6, 4, page, sizeof(page));
		REQUIRE_EQ(rig.identify(), NPP_OK);
		EXPECT_EQ(rig.info.max_discard_blocks, row.expected);
	}
}

// 0 is no limit, and the number in a command is eight bits.
void ranges_are_limited_by_dmrl()
{
	for (u32 dmrl = 0; dmrl < 256; dmrl++) {
		Rig &rig = rig_of(VERSION_2_0);

		rig.edit(6, 3, static_cast<u8>(dmrl));
		REQUIRE_EQ(rig.identify(), NPP_OK);
		EXPECT_EQ(rig.info.max_discard_ranges, dmrl ? dmrl : 256);
	}
}

void zeroes_are_limited_by_wzsl_and_mdts()
{
	for (u32 wzsl = 0; wzsl < 256; wzsl++) {
		Rig &rig = rig_of(VERSION_2_0);

		rig.edit(6, 1, static_cast<u8>(wzsl));
		REQUIRE_EQ(rig.identify(), NPP_OK);
		EXPECT_EQ(rig.info.max_zeroes_bytes, 4096u << (wzsl && wzsl < 5 ? wzsl : 5));
	}
}

// Who is too old for the question is not asked, since it might log an error; who
// does not know it is none the worse for it.
void limits_are_asked_of_who_knows_them()
{
	const struct {
		u32 version;
		u32 command_sets;
		bool knows;
		u32 asked;
		u32 expected;
	} table[] = {
		{VERSION_1_4, ONE_SET, true, 1, 0},
		{VERSION_1_4, SEVERAL_SETS, true, 2, 3},
		{VERSION_2_0, ONE_SET, true, 2, 3},
		{VERSION_2_0, ONE_SET, false, 1, 0},
	};

	for (const auto &row : table) {
		Rig &rig = rig_of(row.version, row.command_sets);

		rig.dev.controller.setup.has_nvm_limits = row.knows;
		rig.edit(6, 4, u32{3});
		REQUIRE_EQ(rig.identify(), NPP_OK);
		EXPECT_EQ(rig.dev.controller.faults.edited, row.asked);
		EXPECT_EQ(rig.info.max_discard_blocks, row.expected);
		EXPECT_EQ(rig.info.max_zeroes_bytes, 4096 << 5);
		EXPECT_EQ(rig.info.max_discard_ranges, 256);
		EXPECT_EQ(rig.dev.all_events(), 0);
	}
}

// A device that is lost meanwhile is not one without limits.
void limits_without_an_answer_are_an_error()
{
	Rig &rig = rig_of(VERSION_2_0);
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::never;
	f.opcode = 0x06;
	f.skip = 1;
	EXPECT_EQ(rig.identify(), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

// Each fact that a disk's limits follow from makes two controllers differ, no other does.
void limits_are_compared_by_what_disks_follow()
{
	const npp_ctrl_info a{};
	npp_ctrl_info b = a;

	EXPECT(npp_ctrl_same_limits(&a, &b));
	b.shutdown_ms = 1;
	b.firmware[0] = 'x';
	b.can_sgl = 1;
	EXPECT(npp_ctrl_same_limits(&a, &b));
	b = a;
	b.max_transfer_bytes = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.max_zeroes_bytes = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.max_discard_blocks = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.max_discard_ranges = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.volatile_write_cache = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.can_discard = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
	b = a;
	b.can_write_zeroes = 1;
	EXPECT(!npp_ctrl_same_limits(&a, &b));
}

constexpr test::Case cases[] = {
	CASE(limits_are_compared_by_what_disks_follow),
	CASE(discards_are_limited_by_both_numbers),
	CASE(ranges_are_limited_by_dmrl),
	CASE(zeroes_are_limited_by_wzsl_and_mdts),
	CASE(limits_are_asked_of_who_knows_them),
	CASE(limits_without_an_answer_are_an_error),
};

} // namespace

constinit const test::Group test::limit_cases = test::group(cases);
