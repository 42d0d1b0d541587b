// SPDX-License-Identifier: GPL-2.0
// What a controller can do, by its CAP and CRTO, and what is made of it.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

void capabilities_bound_the_depth()
{
	struct Expected {
		u32 mqes0;
		int result;
		u32 depth;
	};
	static constexpr Expected table[] = {
		{0, NPP_EOPNOTSUPP, 1}, {1, NPP_OK, 2},       {255, NPP_OK, 256},
		{4095, NPP_OK, 4096},   {4096, NPP_OK, 4096}, {65535, NPP_OK, 4096},
	};

	for (const Expected &e : table) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.mqes0 = e.mqes0;
		EXPECT_EQ(rig.init(), e.result);
		EXPECT_EQ(npp_ctrl_max_depth(&rig.ctrl), e.depth);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_DEPTH), e.result != NPP_OK);
	}
}

void capabilities_give_the_doorbell_stride()
{
	for (u32 shift = 0; shift < 16; shift++) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.stride_shift = shift;
		EXPECT_EQ(rig.init(), NPP_OK);
		EXPECT_EQ(npp_ctrl_doorbell_stride(&rig.ctrl), 4u << shift);
	}
}

// Every pair of smallest and largest page against hosts with 4, 16 and 64 KiB.
void page_size_fits_host_and_controller_or_is_refused()
{
	for (u32 smallest = 0; smallest < 16; smallest++)
		for (u32 largest = 0; largest < 16; largest++)
			for (u8 host : test::values(u8{12}, u8{14}, u8{16})) {
				Rig &rig = test::fresh_rig();
				const bool can = smallest <= largest && smallest + 12 <= host;
				const u32 use = largest + 12 < host ? largest + 12 : host;

				rig.host_page_shift = host;
				rig.dev.controller.setup.mpsmin = smallest;
				rig.dev.controller.setup.mpsmax = largest;
				EXPECT_EQ(rig.init(), can ? NPP_OK : NPP_EOPNOTSUPP);
				EXPECT_EQ(rig.dev.count(NPP_EVENT_PAGE_SIZE), !can);
				if (can)
					EXPECT_EQ(npp_ctrl_page_shift(&rig.ctrl), use);
			}
}

void page_size_in_use_reaches_the_controller()
{
	Rig &rig = test::fresh_rig();
	u8 *queues = static_cast<u8 *>(test_alloc(128 * 1024));

	rig.host_page_shift = 16;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(npp_ctrl_page_shift(&rig.ctrl), 16);
	const u64 dma = rig.dev.bus.map(queues, 128 * 1024);
	const u64 aligned = (dma + 0xffff) & ~u64{0xffff};
	EXPECT_EQ(npp_ctrl_enable(&rig.ctrl, aligned, aligned), NPP_OK);
	EXPECT_EQ(rig.dev.controller.page_bytes(), 65536);
}

void command_sets_without_nvm_are_refused()
{
	for (u32 sets = 0; sets < 256; sets++) {
		Rig &rig = test::fresh_rig();
		const bool can = sets & 0x41;

		rig.dev.controller.setup.command_sets = sets;
		EXPECT_EQ(rig.init(), can ? NPP_OK : NPP_EOPNOTSUPP);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NO_NVM_SET), !can);
	}
}

void command_sets_are_all_enabled_where_there_are_several()
{
	for (u32 sets : test::values(0x01u, 0x40u, 0x41u)) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.command_sets = sets;
		EXPECT_EQ(rig.init(), NPP_OK);
		EXPECT_EQ(rig.enable(), NPP_OK);
		EXPECT_EQ(npp_os_read32(&rig.dev, 0x14) >> 4 & 7, sets & 0x40 ? 6 : 0);
	}
}

void ready_timeout_is_the_larger_of_both_registers()
{
	struct Expected {
		u32 units;
		bool has_crto;
		u32 crto;
		u32 ms;
	};
	static constexpr Expected table[] = {
		{0, false, 0, 500},       {1, false, 0, 500},          {255, false, 0, 127500},
		{4, true, 0, 2000},       {4, true, 3, 2000},          {4, true, 9, 4500},
		{255, true, 600, 300000}, {2, true, 0xffff0005, 2500}, {0, true, 65535, 32767500},
	};

	for (const Expected &e : table) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.timeout_units = e.units;
		rig.dev.controller.setup.independent_ready = e.has_crto;
		rig.dev.controller.setup.crto = e.crto;
		EXPECT_EQ(rig.init(), NPP_OK);
		EXPECT_EQ(npp_ctrl_ready_ms(&rig.ctrl), e.ms);
	}
}

// Whichever half of CAP is the first to read as ones.
void capabilities_of_a_device_that_goes_are_not_believed()
{
	static constexpr u32 noticed_at[] = {0x00, 0x08, 0x08, 0x68}; // CAP, VS, VS, CRTO

	for (u32 n = 0; n < 4; n++) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.independent_ready = true;
		rig.dev.controller.faults.gone_at_read = n;
		EXPECT_EQ(rig.init(), NPP_ENODEV);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
		EXPECT_EQ(rig.dev.events[NPP_EVENT_GONE].a, noticed_at[n]);
		EXPECT_EQ(rig.dev.all_events(), 1);
	}
}

constexpr test::Case cases[] = {
	CASE(capabilities_bound_the_depth),
	CASE(capabilities_give_the_doorbell_stride),
	CASE(page_size_fits_host_and_controller_or_is_refused),
	CASE(page_size_in_use_reaches_the_controller),
	CASE(command_sets_without_nvm_are_refused),
	CASE(command_sets_are_all_enabled_where_there_are_several),
	CASE(ready_timeout_is_the_larger_of_both_registers),
	CASE(capabilities_of_a_device_that_goes_are_not_believed),
};

} // namespace

constinit const test::Group test::capability_cases = test::group(cases);
