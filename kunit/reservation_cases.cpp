// SPDX-License-Identifier: GPL-2.0
// Persistent reservations: commands byte by byte, and reports, honest and hostile.

#include "corpus.hpp"
#include "rig.hpp"

#include <nvmepp/reservation.h>

namespace
{

constexpr u64 KEY = 0x1122334455667788, OTHER = 0xa1a2a3a4a5a6a7a8;

struct Built {
	npp_user_command c;
	npp_pr_keys data;

	NPP_INLINE u8 byte(u32 at) const { return reinterpret_cast<const u8 *>(data.keys)[at]; }
};

void expect_command(const Built &b, u8 opcode, u32 cdw10, u32 bytes)
{
	EXPECT_EQ(b.c.opcode, opcode);
	EXPECT_EQ(b.c.admin, 0);
	EXPECT_EQ(b.c.cdw10, cdw10);
	EXPECT_EQ(b.c.cdw11, 0);
	EXPECT_EQ(b.c.data_bytes, bytes);
}

// The first key's lowest byte comes first.
void expect_keys(const Built &b, u64 first, u64 second)
{
	for (u32 i = 0; i < 8; i++) {
		EXPECT_EQ(b.byte(i), static_cast<u8>(first >> 8 * i));
		EXPECT_EQ(b.byte(8 + i), static_cast<u8>(second >> 8 * i));
	}
}

void reservation_register_has_three_actions()
{
	Built b;

	npp_pr_register(0, KEY, false, false, &b.c, &b.data);
	expect_command(b, 0x0d, 0, 16);
	expect_keys(b, 0, KEY);
	npp_pr_register(KEY, 0, false, false, &b.c, &b.data);
	expect_command(b, 0x0d, 1, 16); // unregister
	expect_keys(b, KEY, 0);
	npp_pr_register(KEY, OTHER, false, false, &b.c, &b.data);
	expect_command(b, 0x0d, 2, 16); // replace
	expect_keys(b, KEY, OTHER);
	npp_pr_register(KEY, 0, true, false, &b.c, &b.data);
	expect_command(b, 0x0d, 1 | 1 << 3, 16);
	npp_pr_register(0, KEY, true, true, &b.c, &b.data);
	expect_command(b, 0x0d, 1u << 3 | 3u << 30, 16);
}

void reservation_acquire_has_three_actions()
{
	Built b;

	for (u8 type = 1; type <= 6; type++) {
		npp_pr_acquire(NPP_PR_RESERVE, KEY, 0, type, false, &b.c, &b.data);
		expect_command(b, 0x11, u32{type} << 8, 16);
		expect_keys(b, KEY, 0);
	}
	npp_pr_acquire(NPP_PR_RESERVE, KEY, 0, 3, true, &b.c, &b.data);
	expect_command(b, 0x11, 3 << 8 | 1 << 3, 16);
	npp_pr_acquire(NPP_PR_PREEMPT, KEY, OTHER, 1, false, &b.c, &b.data);
	expect_command(b, 0x11, 1 << 8 | 1, 16);
	expect_keys(b, KEY, OTHER);
	npp_pr_acquire(NPP_PR_PREEMPT_ABORT, KEY, OTHER, 6, false, &b.c, &b.data);
	expect_command(b, 0x11, 6 << 8 | 2, 16);
}

// Without a key, it is not compared: no key is 0 that somebody has registered.
void reservation_release_and_clear_may_be_without_a_key()
{
	Built b;

	npp_pr_release(KEY, 2, &b.c, &b.data);
	expect_command(b, 0x15, 2 << 8, 8);
	expect_keys(b, KEY, 0);
	npp_pr_release(0, 5, &b.c, &b.data);
	expect_command(b, 0x15, 5 << 8 | 1 << 3, 8);
	npp_pr_clear(KEY, &b.c, &b.data);
	expect_command(b, 0x15, 1, 8);
	npp_pr_clear(0, &b.c, &b.data);
	expect_command(b, 0x15, 1 | 1 << 3, 8);
}

// What the rules for users' commands say that these move is what is announced.
void reservation_commands_move_what_they_announce()
{
	Built b;

	npp_pr_register(0, KEY, false, false, &b.c, &b.data);
	EXPECT_EQ(npp_command_bytes(&b.c), b.c.data_bytes);
	npp_pr_acquire(NPP_PR_RESERVE, KEY, 0, 1, false, &b.c, &b.data);
	EXPECT_EQ(npp_command_bytes(&b.c), b.c.data_bytes);
	npp_pr_release(KEY, 1, &b.c, &b.data);
	EXPECT_EQ(npp_command_bytes(&b.c), b.c.data_bytes);
	for (u32 bytes = 64; bytes <= 65536; bytes *= 2) {
		npp_pr_report(true, bytes, &b.c);
		EXPECT_EQ(b.c.opcode, 0x0e);
		EXPECT_EQ(b.c.cdw10, bytes / 4 - 1);
		EXPECT_EQ(b.c.cdw11, 1);
		EXPECT_EQ(npp_command_bytes(&b.c), bytes);
	}
	npp_pr_report(false, 64, &b.c);
	EXPECT_EQ(b.c.cdw11, 0);
}

constexpr u32 REPORT_BYTES = 64 + 2 * 64;

// Two registrants, the second of which holds a reservation of type 5.
void fill(u8 *report, bool extended)
{
	const u32 header = extended ? 64 : 24, entry = extended ? 64 : 24;
	const u32 key_at = extended ? 8 : 16;
	const u64 keys[2] = {KEY, OTHER};

	__builtin_memset(report, 0, REPORT_BYTES);
	report[0] = 0x78;
	report[3] = 0x12;
	report[4] = 5;
	report[5] = 2;
	for (u32 i = 0; i < 2; i++)
		__builtin_memcpy(report + header + i * entry + key_at, &keys[i], 8);
	report[header + entry + 2] = 0xff; // RCSTS
	report[header + 2] = 0xfe;
}

void reservation_report_is_parsed_in_both_forms()
{
	for (u32 form = 0; form < 2; form++) {
		const bool extended = form == 1;
		u8 report[REPORT_BYTES];
		npp_pr_summary s;
		u64 keys[3] = {1, 2, 3};

		fill(report, extended);
		EXPECT_EQ(npp_pr_parse(report, sizeof(report), extended, keys, 3, &s), NPP_OK);
		EXPECT_EQ(s.generation, 0x12000078);
		EXPECT_EQ(s.type, 5);
		EXPECT_EQ(s.registrants, 2);
		EXPECT_EQ(s.holder_key, OTHER);
		EXPECT_EQ(keys[0], KEY);
		EXPECT_EQ(keys[1], OTHER);
		EXPECT_EQ(keys[2], 3);
		keys[1] = 2;
		EXPECT_EQ(npp_pr_parse(report, sizeof(report), extended, keys, 1, &s), NPP_OK);
		EXPECT_EQ(keys[1], 2);
		EXPECT_EQ(s.holder_key, OTHER);
		EXPECT_EQ(npp_pr_parse(report, sizeof(report), extended, nullptr, 9, &s), NPP_OK);
		EXPECT_EQ(s.holder_key, OTHER);
	}
}

// The number of registrants is the device's word: nothing is read behind the report.
void reservation_report_is_read_as_far_as_it_goes()
{
	for (u32 bytes = 0; bytes <= REPORT_BYTES; bytes++) {
		u8 *report = static_cast<u8 *>(test_alloc(REPORT_BYTES));
		u8 *end = report + REPORT_BYTES - bytes; // the last byte is the memory's
		u8 whole[REPORT_BYTES];
		npp_pr_summary s;
		u64 keys[2] = {};

		fill(whole, true);
		whole[5] = whole[6] = 0xff;
		__builtin_memcpy(end, whole, bytes);
		EXPECT_EQ(npp_pr_parse(end, bytes, true, keys, 2, &s),
			  bytes < 64 ? NPP_EPROTO : NPP_OK);
		EXPECT_EQ(s.registrants, bytes < 64 ? 0 : (bytes - 64) / 64);
		EXPECT_EQ(keys[0], bytes < 128 ? 0 : KEY);
		EXPECT_EQ(keys[1], bytes < 192 ? 0 : OTHER);
		EXPECT_EQ(s.type, bytes < 64 ? 0 : 5);
		if (bytes < 64)
			continue;
		end[4] = 7; // there is no such type
		EXPECT_EQ(npp_pr_parse(end, bytes, true, keys, 2, &s), NPP_OK);
		EXPECT_EQ(s.type, 0);
	}
}

void reservation_abilities_are_read()
{
	test::Rig &rig = test::started_rig();

	EXPECT_EQ(rig.identify(), NPP_OK);
	EXPECT_EQ(rig.info.can_reserve, 0);
	rig.edit(1, 520, u16{1 << 5});
	EXPECT_EQ(rig.identify(), NPP_OK);
	EXPECT_EQ(rig.info.can_reserve, 1);
	rig.edit(0, 31, u8{0xfe});
	EXPECT_EQ(npp_identify_ns(&rig.ctrl, 1, &rig.page, &rig.ns[0]), NPP_OK);
	EXPECT_EQ(rig.ns[0].keeps_reservations, 0);
	rig.edit(0, 31, u8{0x01});
	EXPECT_EQ(npp_identify_ns(&rig.ctrl, 1, &rig.page, &rig.ns[0]), NPP_OK);
	EXPECT_EQ(rig.ns[0].keeps_reservations, 1);
}

constexpr test::Case cases[] = {
	CASE(reservation_register_has_three_actions),
	CASE(reservation_acquire_has_three_actions),
	CASE(reservation_release_and_clear_may_be_without_a_key),
	CASE(reservation_commands_move_what_they_announce),
	CASE(reservation_report_is_parsed_in_both_forms),
	CASE(reservation_report_is_read_as_far_as_it_goes),
	CASE(reservation_abilities_are_read),
};

} // namespace

constinit const test::Group test::reservation_cases = test::group(cases);
