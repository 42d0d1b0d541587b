// SPDX-License-Identifier: GPL-2.0
// What Identify Controller says, and what becomes of it.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

void identify_reads_what_the_controller_says()
{
	Rig &rig = test::enabled_rig();

	REQUIRE_EQ(rig.identify(), NPP_OK);
	EXPECT_EQ(rig.info.max_transfer_bytes, 4096 << 5);
	EXPECT_EQ(rig.info.namespaces, 8);
	EXPECT_EQ(rig.info.shutdown_ms, 2501); // 2,500,001 us, rounded up
	EXPECT_EQ(rig.info.vendor, 0x1b36);
	EXPECT_EQ(rig.info.cntlid, 7);
	EXPECT_EQ(rig.info.volatile_write_cache, 1);
	EXPECT_EQ(rig.info.can_discard, 1);
	EXPECT_EQ(rig.info.can_write_zeroes, 1);
	EXPECT_EQ(rig.info.can_sgl, 1);
	EXPECT(test::same_text(rig.info.serial, "FAKE-0001"));
	EXPECT(test::same_text(rig.info.model, "nvmepp fake controller"));
	EXPECT(test::same_text(rig.info.firmware, "1.0"));
}

void identify_offers_only_what_is_there()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
		page[520] = page[525] = page[536] = 0;
		__builtin_memset(page + 88, 0, 4);
	};
	REQUIRE_EQ(rig.identify(), NPP_OK);
	EXPECT_EQ(rig.dev.controller.faults.edited, 1);
	EXPECT_EQ(rig.info.volatile_write_cache, 0);
	EXPECT_EQ(rig.info.can_discard, 0);
	EXPECT_EQ(rig.info.can_write_zeroes, 0);
	EXPECT_EQ(rig.info.can_sgl, 0);
	EXPECT_EQ(rig.info.shutdown_ms, 0);
}

// Bits 1:0 say how; a value without a meaning is no support.
void identify_wants_a_known_kind_of_sgl()
{
	for (u8 kind : test::values(u8{0}, u8{1}, u8{2}, u8{3})) {
		static u8 sgls;
		Rig &rig = test::enabled_rig();

		sgls = kind;
		rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
			page[536] = sgls;
			page[537] = 0xff;
		};
		REQUIRE_EQ(rig.identify(), NPP_OK);
		EXPECT_EQ(rig.dev.controller.faults.edited, 1);
		EXPECT_EQ(rig.info.can_sgl, kind == 1 || kind == 2);
	}
}

void identify_makes_device_text_printable()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
		__builtin_memset(page + 4, 0xff, 20);
		__builtin_memset(page + 24, ' ', 40);
		__builtin_memset(page + 64, 0, 8);
		page[64] = '\n';
		page[65] = '~';
		page[66] = ' ';
		page[67] = 0x7f;
	};
	REQUIRE_EQ(rig.identify(), NPP_OK);
	EXPECT(test::same_text(rig.info.serial, "????????????????????"));
	EXPECT(test::same_text(rig.info.model, ""));
	EXPECT(test::same_text(rig.info.firmware, "?~ ?"));
}

// MDTS counts in the controller's smallest page, which is the host's at most.
void transfer_limit_follows_mdts_without_overflow()
{
	for (u32 mpsmin : test::values(0u, 1u, 4u)) {
		for (u32 mdts = 0; mdts < 256; mdts++) {
			Rig &rig = test::fresh_rig();
			const u32 shift = 12 + mpsmin + mdts;
			const bool unlimited = !mdts || shift >= 22;

			rig.dev.controller.setup.mpsmin = mpsmin;
			rig.dev.controller.setup.mdts = static_cast<u8>(mdts);
			EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 16), NPP_OK);
			rig.enable_on_large_pages();
			EXPECT_EQ(rig.identify(), NPP_OK);
			EXPECT_EQ(rig.info.max_transfer_bytes, unlimited ? 4u << 20 : 1u << shift);
		}
	}
}

struct EntrySizes {
	u8 sqes, cqes;
	bool fit;
};

constexpr EntrySizes entry_sizes[] = {
	{0x66, 0x44, true},  {0x60, 0x40, true},  {0xf6, 0xf4, true},  {0x00, 0x44, false},
	{0x77, 0x44, false}, {0x55, 0x44, false}, {0x66, 0x33, false}, {0x66, 0x55, false},
	{0x66, 0x00, false}, {0x67, 0x44, false}, {0x66, 0x45, false},
};
EntrySizes sizes_now;

void identify_refuses_entries_of_another_size()
{
	for (const EntrySizes &e : entry_sizes) {
		Rig &rig = test::enabled_rig();

		sizes_now = e;
		rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
			page[512] = sizes_now.sqes;
			page[513] = sizes_now.cqes;
		};
		EXPECT_EQ(rig.identify(), e.fit ? NPP_OK : NPP_EPROTO);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_ENTRY_SIZE), !e.fit);
	}
}

void identify_that_fails_is_reported()
{
	Rig &rig = test::enabled_rig();
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::error, 0x06, 0x4006);

	EXPECT_EQ(rig.identify(), NPP_EIO);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].a, 0x06);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].b, 0x4006);
}

void identify_that_is_never_answered_ends()
{
	Rig &rig = test::enabled_rig();
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x06, 0);
	const u64 start = rig.dev.now();

	EXPECT_EQ(rig.identify(), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.dev.now() - start, fake::ADMIN_WAIT_MS);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].b, static_cast<u64>(NPP_ETIMEDOUT));
}

constexpr test::Case cases[] = {
	CASE(identify_reads_what_the_controller_says),
	CASE(identify_offers_only_what_is_there),
	CASE(identify_wants_a_known_kind_of_sgl),
	CASE(identify_makes_device_text_printable),
	CASE(transfer_limit_follows_mdts_without_overflow),
	CASE(identify_refuses_entries_of_another_size),
	CASE(identify_that_fails_is_reported),
	CASE(identify_that_is_never_answered_ends),
};

} // namespace

constinit const test::Group test::identify_cases = test::group(cases);
