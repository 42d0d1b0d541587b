// SPDX-License-Identifier: GPL-2.0
// One namespace: formats and capacities, honest and hostile.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

u8 nlbaf0_now, flbas_now;

int identify(Rig &rig, u32 nsid)
{
	return npp_identify_ns(&rig.ctrl, nsid, &rig.page, &rig.ns[0]);
}

void namespace_geometry_is_read()
{
	Rig &rig = test::started_rig();

	REQUIRE_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].nsid, 1);
	EXPECT_EQ(rig.ns[0].blocks, 128);
	EXPECT_EQ(rig.ns[0].block_shift, 9);
	EXPECT_EQ(rig.ns[0].read_only, 0);
	EXPECT_EQ(rig.ns[0].zeroes_on_deallocate, 1);
	EXPECT_EQ(rig.ns[0].blocks_used, 128);
	EXPECT_EQ(npp_ns_best_id(&rig.ns[0].ids), NPP_ID_EUI64);
	for (u32 i = 0; i < 8; i++)
		EXPECT_EQ(rig.ns[0].ids.eui64[i], 0x10 | i);
	REQUIRE_EQ(identify(rig, 5), NPP_OK);
	EXPECT_EQ(rig.ns[0].block_shift, 12);
	EXPECT_EQ(rig.ns[0].blocks, 16);
	EXPECT_EQ(npp_ns_best_id(&rig.ns[0].ids), NPP_ID_UUID);
	EXPECT_EQ(rig.ns[0].ids.uuid[15], 0x3f);
}

void namespace_that_is_not_active_is_no_disk()
{
	Rig &rig = test::started_rig();

	EXPECT_EQ(identify(rig, 2), NPP_EINVAL);
	EXPECT_EQ(rig.dev.all_events(), 0);
	EXPECT_EQ(identify(rig, 9), NPP_EIO); // above NN: the controller refuses
}

// As controllers without a list are asked; only a final answer says that there is none.
void namespace_that_is_refused_for_good_is_not_active()
{
	Rig &rig = test::started_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::error;
	f.times = 2;                                        // its descriptors as well
	for (u32 status : test::values(0x400bu, 0x600bu)) { // More: the error log has an entry
		f.arg = status;
		f.fired = 0;
		EXPECT_EQ(identify(rig, 1), NPP_EINVAL);
		EXPECT_EQ(f.fired, 2);
		EXPECT_EQ(rig.dev.all_events(), 0);
	}
	f.fired = 0;
	f.arg = 0x000b;
	EXPECT_EQ(identify(rig, 1), NPP_EIO);
	EXPECT_EQ(f.fired, 2);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

void namespace_read_only_is_seen()
{
	Rig &rig = test::started_rig();

	rig.edit(0, 99, u8{1});
	EXPECT_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].read_only, 1);
	rig.edit(0, 99, u8{0xfe});
	EXPECT_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].read_only, 0);
}

void namespace_zeroes_need_both_promises()
{
	Rig &rig = test::started_rig();

	for (u32 dlfeat = 0; dlfeat < 256; dlfeat++) {
		rig.edit(0, 33, static_cast<u8>(dlfeat));
		EXPECT_EQ(identify(rig, 1), NPP_OK);
		EXPECT_EQ(rig.ns[0].zeroes_on_deallocate, (dlfeat & 0xf) == 9);
	}
}

// Each counts from 0, and only where NSFEAT says that they are there.
void namespace_preferred_writes_are_read()
{
	Rig &rig = test::started_rig();

	EXPECT_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].write_granularity, 0);
	EXPECT_EQ(rig.ns[0].optimal_write, 0);

	u8 page[74 - 24] = {};
	page[0] = 1 << 4;                     // NSFEAT
	page[1] = page[2] = 1;                // formats, as they were
	page[64 - 24] = 7;                    // NPWG
	page[72 - 24] = page[73 - 24] = 0xff; // NOWS
	rig.edit_page(0, 24, page, sizeof(page));
	EXPECT_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].write_granularity, 8);
	EXPECT_EQ(rig.ns[0].optimal_write, 65536);

	page[0] = static_cast<u8>(~(1 << 4));
	rig.edit_page(0, 24, page, sizeof(page));
	EXPECT_EQ(identify(rig, 1), NPP_OK);
	EXPECT_EQ(rig.ns[0].write_granularity, 0);
	EXPECT_EQ(rig.ns[0].optimal_write, 0);
}

// Every block size exponent: from 512 bytes to a page, no other.
void namespace_block_size_is_bounded()
{
	for (u32 shift = 0; shift < 256; shift++) {
		Rig &rig = test::started_rig();
		const bool fits = shift >= 9 && shift <= 12;

		rig.edit(0, 132 + 2, static_cast<u8>(shift));
		EXPECT_EQ(identify(rig, 1), fits ? NPP_OK : NPP_EOPNOTSUPP);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NS_BLOCK_SIZE), !fits);
	}
}

void namespace_with_metadata_is_not_served()
{
	Rig &rig = test::started_rig();

	rig.edit(0, 132, u16{8});
	EXPECT_EQ(identify(rig, 1), NPP_EOPNOTSUPP);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_NS_METADATA].b, 8);
	rig.edit(0, 132, u16{0x100});
	EXPECT_EQ(identify(rig, 1), NPP_EOPNOTSUPP);
}

// Every pair of number of formats and format in use. Formats 0..63 exist in the
// page, all of 512 bytes a block here.
void namespace_format_index_is_bounded()
{
	Rig &rig = test::started_rig();

	rig.dev.controller.faults.edit_page = [](u8 cns, u32, u8 *page) {
		if (cns)
			return;
		page[25] = nlbaf0_now;
		page[26] = flbas_now;
		for (u32 i = 0; i < 64; i++) {
			const u32 format = 9u << 16;

			__builtin_memcpy(page + 128 + 4 * i, &format, 4);
		}
	};
	for (u32 nlbaf0 = 0; nlbaf0 < 256; nlbaf0++) {
		for (u32 flbas = 0; flbas < 256; flbas += 1 + 16 * (nlbaf0 > 70)) {
			u32 index = flbas & 15;

			if (nlbaf0 >= 16)
				index += (flbas >> 5 & 3) * 16;
			nlbaf0_now = static_cast<u8>(nlbaf0);
			flbas_now = static_cast<u8>(flbas);
			EXPECT_EQ(identify(rig, 1), index <= nlbaf0 ? NPP_OK : NPP_EPROTO);
		}
	}
	EXPECT(rig.dev.count(NPP_EVENT_NS_FORMAT) > 0);
}

void namespace_capacity_fits_a_file_offset()
{
	struct Expected {
		u64 blocks;
		u8 shift;
		int result;
	};
	static constexpr Expected table[] = {
		{1, 9, NPP_OK},
		{0, 9, NPP_EINVAL},
		{(u64{1} << 54) - 1, 9, NPP_OK},
		{u64{1} << 54, 9, NPP_EPROTO},
		{(u64{1} << 51) - 1, 12, NPP_OK},
		{u64{1} << 51, 12, NPP_EPROTO},
		{~u64{0}, 9, NPP_EPROTO},
		{u64{1} << 63, 12, NPP_EPROTO},
	};

	for (const Expected &e : table) {
		Rig &rig = test::started_rig();

		rig.dev.controller.namespaces[0].block_shift = e.shift;
		rig.edit(0, 0, e.blocks);
		EXPECT_EQ(identify(rig, 1), e.result);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NS_CAPACITY), e.result == NPP_EPROTO);
		if (e.result == NPP_OK)
			EXPECT_EQ(rig.ns[0].blocks, e.blocks);
	}
}

void namespace_whole_blocks_are_counted_and_nothing_else()
{
	struct Expected {
		u64 sector;
		u32 sectors;
		u8 shift;
		u32 blocks;
	};
	static constexpr Expected table[] = {
		{0, 8, 12, 1},
		{8, 16, 12, 2},
		{u64{1} << 40, 8, 12, 1},
		{1, 8, 12, 0}, // begins within a block
		{0, 9, 12, 0}, // ends within one
		{4, 4, 12, 0}, // is less than one
		{8, 1, 12, 0},
		{7, 0, 12, 0},
		{7, 1, 9, 1}, // every sector is a block
		{0, ~u32{0}, 9, ~u32{0}},
		{16, 32, 13, 2},
		{8, 16, 13, 0},
		{64, 524288, 12, 65536},
	};

	for (const Expected &e : table)
		EXPECT_EQ(npp_whole_blocks(e.sector, e.sectors, e.shift), e.blocks);
}

constexpr test::Case cases[] = {
	CASE(namespace_geometry_is_read),
	CASE(namespace_that_is_not_active_is_no_disk),
	CASE(namespace_that_is_refused_for_good_is_not_active),
	CASE(namespace_read_only_is_seen),
	CASE(namespace_zeroes_need_both_promises),
	CASE(namespace_preferred_writes_are_read),
	CASE(namespace_block_size_is_bounded),
	CASE(namespace_with_metadata_is_not_served),
	CASE(namespace_format_index_is_bounded),
	CASE(namespace_capacity_fits_a_file_offset),
	CASE(namespace_whole_blocks_are_counted_and_nothing_else),
};

} // namespace

constinit const test::Group test::namespace_cases = test::group(cases);
