// SPDX-License-Identifier: GPL-2.0
// Users' commands: who may send what, what leaves its buffer, what follows.

#include "corpus.hpp"
#include "rig.hpp"

#include <nvmepp/passthrough.h>

namespace
{

using test::Rig;

constexpr u32 SUPPORTED = 1, BLOCKS_CHANGE = 2;
constexpr npp_user_rights ROOT{true, false, true}, READER{false, false, false},
	WRITER{false, false, true}, PARTITION{false, true, true};

npp_user_command admin(u8 opcode, u32 cdw10, u32 bytes)
{
	npp_user_command c{};

	c.opcode = opcode;
	c.admin = 1;
	c.cdw10 = cdw10;
	c.data_bytes = bytes;
	return c;
}

npp_user_command io(u8 opcode, u32 cdw12, u32 bytes)
{
	npp_user_command c{};

	c.opcode = opcode;
	c.nsid = 1;
	c.block_shift = 12;
	c.cdw12 = cdw12;
	c.data_bytes = bytes;
	return c;
}

npp_user_verdict judge(const npp_user_command &c, const npp_user_rights &r, u32 effects = SUPPORTED)
{
	return npp_judge_command(&c, &r, effects);
}

// The least that is enough, and one byte less.
void expect_bytes(npp_user_command c, u32 bytes)
{
	c.data_bytes = bytes;
	EXPECT_EQ(judge(c, ROOT), NPP_USER_SEND);
	if (!bytes)
		return;
	c.data_bytes = bytes - 1;
	EXPECT_EQ(judge(c, ROOT), NPP_USER_TOO_SHORT);
}

void passthrough_knows_what_admin_commands_move()
{
	npp_user_command log = admin(0x02, 0x00030002, 0);

	expect_bytes(admin(0x06, 0, 0), 4096);
	expect_bytes(log, 16);
	log.cdw11 = 1; // the upper half of the number of dwords
	expect_bytes(log, (0x10003 + 1) * 4);
	expect_bytes(admin(0x0d, 0, 0), 4096); // create a namespace
	expect_bytes(admin(0x0d, 1, 0), 0);    // delete it
	expect_bytes(admin(0x15, 0, 0), 4096);
	expect_bytes(admin(0x11, 0x3ff, 0), 4096);
	expect_bytes(admin(0x80, 0, 0), 0);
	expect_bytes(admin(0x84, 2, 0), 0);
	expect_bytes(admin(0x0a, 0x0e, 0), 0); // Get Features: the driver's page is enough
	expect_bytes(admin(0xc1, 0xffffffff, 0), 0);
	for (u8 opcode : test::values(u8{0x81}, u8{0x82})) {
		npp_user_command c = admin(opcode, 0, 0);

		c.cdw11 = 777;
		expect_bytes(c, 777);
	}
}

// Base 2.0, 8.7: NUMD is reserved where an operation has no data.
void passthrough_knows_directives_without_data()
{
	struct Operation {
		u8 opcode;
		u32 type_and_operation;
		bool data;
	};
	constexpr Operation operations[] = {
		{0x19, 0x0001, false}, // enable a directive
		{0x19, 0x0101, false}, // release a stream's identifier
		{0x19, 0x0102, false}, // release a stream's resources
		{0x1a, 0x0103, false}, // allocate resources
		{0x1a, 0x0001, true},  // what is supported
		{0x1a, 0x0101, true},  // parameters of streams
		{0x1a, 0x0102, true},  // status of streams
		{0x19, 0x0203, true},  // unknown
	};

	for (const Operation &o : operations) {
		npp_user_command c = admin(o.opcode, 7, 0);

		c.cdw11 = 0xabcd0000 | o.type_and_operation;
		expect_bytes(c, o.data ? 32 : 0);
	}
}

// Counts so large that bytes do not fit 32 bits are not small ones.
void passthrough_counts_do_not_overflow()
{
	npp_user_command log = admin(0x02, 0xffff0002, 4096);

	log.cdw11 = 0xffff;
	EXPECT_EQ(judge(log, ROOT), NPP_USER_TOO_SHORT);
	EXPECT_EQ(judge(admin(0x11, 0xffffffff, 4096), ROOT), NPP_USER_TOO_SHORT);
	EXPECT_EQ(judge(admin(0x11, 0x3fffffff, 4096), ROOT), NPP_USER_TOO_SHORT);
	log.data_bytes = 0xffffffff; // a sixteenth of what it moves
	EXPECT_EQ(judge(log, ROOT), NPP_USER_TOO_SHORT);
	for (u8 shift = 9; shift < 47; shift++) {
		npp_user_command read = io(0x02, 0xffff, 4096);

		read.block_shift = shift;
		EXPECT_EQ(judge(read, ROOT), NPP_USER_TOO_SHORT);
	}
}

void passthrough_knows_what_io_commands_move()
{
	for (u8 opcode : test::values(u8{1}, u8{2}, u8{5})) {
		expect_bytes(io(opcode, 0, 0), 4096);
		expect_bytes(io(opcode, 0xabcd0007, 0), 8 * 4096); // flags above the count
	}
	for (u8 opcode : test::values(u8{0}, u8{4}, u8{8}, u8{0x0c}))
		expect_bytes(io(opcode, 7, 0), 0);
	npp_user_command discard = io(0x09, 0, 0);
	discard.cdw10 = 0xffffff03;
	expect_bytes(discard, 64);
	expect_bytes(io(0x0d, 0, 0), 16);
	expect_bytes(io(0x11, 0, 0), 16);
	expect_bytes(io(0x15, 0, 0), 8);
	npp_user_command report = io(0x0e, 0, 0);
	report.cdw10 = 0x3ff;
	expect_bytes(report, 4096);
	expect_bytes(io(0x91, 7, 0), 0);
}

// NVM command set 1.0, 3.2.2: a range has 32 bytes, or 40 with a storage tag of 64 bits.
void passthrough_knows_the_formats_of_copy()
{
	constexpr u32 TWO_RANGES = 1;

	expect_bytes(io(0x19, TWO_RANGES, 0), 64);
	expect_bytes(io(0x19, 0xf000f000 | 1 << 8 | TWO_RANGES, 0), 80);
	expect_bytes(io(0x19, 2 << 8 | TWO_RANGES, 0), 64);
	expect_bytes(io(0x19, 3 << 8 | TWO_RANGES, 0), 80);
	expect_bytes(io(0x19, 4 << 8 | TWO_RANGES, 0), 0); // unknown
	// Formats 2 and 3 name the namespace that is read; none knows what 4 and up name.
	for (u32 format = 0; format < 16; format++)
		EXPECT_EQ(judge(io(0x19, format << 8, 4096), WRITER, SUPPORTED | BLOCKS_CHANGE),
			  format < 2 ? NPP_USER_SEND : NPP_USER_FORBIDDEN);
}

// What is allocated or mapped for a command is what it moves, whatever the user says.
void passthrough_needs_the_memory_that_a_command_moves()
{
	const npp_user_command identify = admin(0x06, 1, 4 << 20);
	const npp_user_command read = io(0x02, 1, 4 << 20);
	const npp_user_command flush = io(0x00, 0, 4 << 20);
	const npp_user_command vendors = admin(0xc1, 0, 4 << 20);
	const npp_user_command short_read = io(0x02, 1, 100);

	EXPECT_EQ(npp_command_bytes(&identify), 4096);
	EXPECT_EQ(npp_command_bytes(&read), 8192);
	EXPECT_EQ(npp_command_bytes(&flush), 0);
	EXPECT_EQ(npp_command_bytes(&vendors), 4 << 20);
	EXPECT_EQ(npp_command_bytes(&short_read), 100);
}

// Queues, doorbell buffers, data queues, host memory; and requests for events, which do not end.
void passthrough_keeps_the_drivers_own_commands()
{
	for (u32 opcode = 0; opcode < 256; opcode++) {
		const bool own = opcode == 0x00 || opcode == 0x01 || opcode == 0x04 ||
				 opcode == 0x05 || opcode == 0x0c || opcode == 0x45 ||
				 opcode == 0x7c;

		EXPECT_EQ(judge(admin(static_cast<u8>(opcode), 0, 1 << 20), ROOT) ==
				  NPP_USER_DRIVERS_OWN,
			  own);
		EXPECT_EQ(judge(io(static_cast<u8>(opcode), 0, 1 << 20), ROOT), NPP_USER_SEND);
	}
	EXPECT_EQ(judge(admin(0x09, 0x8000000d, 4096), ROOT), NPP_USER_DRIVERS_OWN);
	EXPECT_EQ(judge(admin(0x09, 0x0000000e, 4096), ROOT), NPP_USER_SEND);
	EXPECT_EQ(judge(admin(0x0a, 0x0000000d, 4096), ROOT), NPP_USER_SEND);
}

void passthrough_lets_anybody_ask_for_geometry()
{
	for (u32 cns = 0; cns < 256; cns++) {
		const bool may = cns == 0 || cns == 1 || cns == 5 || cns == 6 || cns == 8;

		EXPECT_EQ(judge(admin(0x06, cns, 4096), READER),
			  may ? NPP_USER_SEND : NPP_USER_FORBIDDEN);
	}
	for (u32 opcode = 0; opcode < 256; opcode++)
		if (opcode != 0x06)
			EXPECT_EQ(judge(admin(static_cast<u8>(opcode), 0, 4096), WRITER),
				  NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(admin(0x06, 1, 4096), PARTITION), NPP_USER_FORBIDDEN);
	constexpr npp_user_rights ROOT_BY_PARTITION{true, true, true};
	EXPECT_EQ(judge(admin(0x06, 1, 4096), ROOT_BY_PARTITION), NPP_USER_SEND);
	EXPECT_EQ(judge(io(0x02, 0, 4096), ROOT_BY_PARTITION, 0), NPP_USER_SEND);
}

void passthrough_io_of_the_unprivileged_is_limited()
{
	EXPECT_EQ(judge(io(0x02, 0, 4096), READER), NPP_USER_SEND);
	EXPECT_EQ(judge(io(0x01, 0, 4096), READER), NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(io(0x01, 0, 4096), WRITER), NPP_USER_SEND);
	EXPECT_EQ(judge(io(0x02, 0, 4096), PARTITION), NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(io(0x02, 0, 4095), READER), NPP_USER_TOO_SHORT);
	EXPECT_EQ(judge(io(0x08, 0, 0), READER, SUPPORTED | BLOCKS_CHANGE), NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(io(0x08, 0, 0), WRITER, SUPPORTED | BLOCKS_CHANGE), NPP_USER_SEND);
	// Not in the log, with effects of another kind, of the vendor, unknown
	EXPECT_EQ(judge(io(0x02, 0, 4096), READER, 0), NPP_USER_FORBIDDEN);
	for (u32 bit = 0; bit < 32; bit++) {
		const bool harmless = bit <= 1 || bit >= 19;

		EXPECT_EQ(judge(io(0x02, 0, 4096), WRITER, SUPPORTED | 1u << bit),
			  harmless ? NPP_USER_SEND : NPP_USER_FORBIDDEN);
	}
	EXPECT_EQ(judge(io(0x80, 0, 4096), WRITER), NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(io(0x7f, 0, 4096), WRITER), NPP_USER_FORBIDDEN);
	EXPECT_EQ(judge(io(0x7a, 0, 4096), WRITER), NPP_USER_FORBIDDEN);
}

// A reader's commands leave the medium alone, whatever the controller says of them: no list but
// this one, of Flush, Read, Verify, and Reservation Report.
void passthrough_readers_change_nothing()
{
	for (u32 opcode = 0; opcode < 256; opcode++) {
		const bool harmless =
			opcode == 0x00 || opcode == 0x02 || opcode == 0x0c || opcode == 0x0e;

		for (u32 effects : test::values(SUPPORTED, SUPPORTED | BLOCKS_CHANGE, 0u, ~0u)) {
			const npp_user_command c = io(static_cast<u8>(opcode), 0, 1 << 20);

			EXPECT_EQ(judge(c, READER, effects) == NPP_USER_SEND,
				  harmless && effects == SUPPORTED);
		}
	}
	EXPECT_EQ(judge(io(0x04, 0, 0), WRITER), NPP_USER_SEND);
	EXPECT_EQ(judge(io(0x08, 0, 0), WRITER), NPP_USER_SEND);
}

void effects_are_what_the_log_says()
{
	Rig &rig = test::started_rig();
	static npp_effects effects; // too large for a kernel's stack

	rig.dev.controller.setup.lpa = 2;
	REQUIRE_EQ(rig.start_controller(), NPP_OK);
	rig.dev.controller.faults.edit_log = [](u8 lid, u8 *page) {
		EXPECT_EQ(lid, 5);
		page[4 * 0x06] = 1;
		page[4 * 0x80 + 2] = 3;
		page[1024 + 4 * 0x02] = 0x11;
	};
	REQUIRE_EQ(npp_read_effects(&rig.ctrl, &rig.info, &rig.page, &effects), NPP_OK);
	EXPECT_EQ(rig.dev.controller.faults.edited, 1);
	EXPECT(effects.known);
	EXPECT_EQ(npp_command_effects(&effects, true, 0x06), 1);
	EXPECT_EQ(npp_command_effects(&effects, false, 0x02), 0x11);
	EXPECT_EQ(npp_command_effects(&effects, false, 0x06), 0);
	// Known whatever the log says: format, sanitize, management, attachment
	EXPECT_EQ(npp_command_effects(&effects, true, 0x80), 0x70002);
	EXPECT_EQ(npp_command_effects(&effects, true, 0x84), 0x70002);
	EXPECT_EQ(npp_command_effects(&effects, true, 0x0d), 8);
	EXPECT_EQ(npp_command_effects(&effects, true, 0x15), 8);
	EXPECT_EQ(npp_command_effects(&effects, false, 0x80), 0);
	// And that a command writes
	for (u8 opcode : test::values(u8{0x01}, u8{0x04}, u8{0x08}, u8{0x09}, u8{0x0d}, u8{0x19},
				      u8{0x79}, u8{0x7d}))
		EXPECT_EQ(npp_command_effects(&effects, false, opcode), 2);
}

void effects_without_a_log_are_none()
{
	Rig &rig = test::started_rig();
	static npp_effects effects; // too large for a kernel's stack

	__builtin_memset(&effects, 0xff, sizeof(effects));
	EXPECT_EQ(rig.info.has_effects_log, 0);
	const u32 before = rig.dev.controller.commands_served(0);
	EXPECT_EQ(npp_read_effects(&rig.ctrl, &rig.info, &rig.page, &effects), NPP_OK);
	EXPECT_EQ(rig.dev.controller.commands_served(0), before); // no command is sent
	EXPECT(!effects.known);
	EXPECT_EQ(npp_command_effects(&effects, false, 0x02), 0);

	// Promised, and then refused, or never answered
	rig.info.has_effects_log = 1;
	EXPECT_EQ(npp_read_effects(&rig.ctrl, &rig.info, &rig.page, &effects), NPP_OK);
	EXPECT(!effects.known);
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];
	f.verb = fake::Verb::never;
	f.opcode = 0x02;
	EXPECT(npp_read_effects(&rig.ctrl, &rig.info, &rig.page, &effects) < 0);
	EXPECT_EQ(f.fired, 1);
	EXPECT(!effects.known);
}

void effects_say_what_follows()
{
	for (u32 bit = 0; bit < 32; bit++) {
		EXPECT_EQ(npp_effects_change_namespaces(1u << bit), bit >= 1 && bit <= 4);
		EXPECT_EQ(npp_effects_exclude_io(1u << bit), bit >= 16 && bit <= 18);
	}
}

u32 word(const npp_sqe &sqe, u32 i)
{
	return sqe.dw[i];
}

void passthrough_entry_is_the_users()
{
	const npp_user_command c{1, 2, 3, 10, 11, 12, 13, 14, 15, 4096, 0x42, 0, 9, 0};
	npp_data data{0x12345ff8, 0, 4096, false, false};
	npp_sqe sqe;

	__builtin_memset(&sqe, 0xff, sizeof(sqe));
	npp_user_sqe(&c, &data, 12, &sqe);
	EXPECT_EQ(word(sqe, 0), 0x42); // no flags: PRPs, not fused
	for (u32 i = 1; i <= 3; i++)
		EXPECT_EQ(word(sqe, i), i);
	EXPECT_EQ(word(sqe, 4), 0);
	EXPECT_EQ(word(sqe, 5), 0);
	EXPECT_EQ(word(sqe, 6), 0x12345ff8);
	EXPECT_EQ(word(sqe, 8), 0x12346000); // PRP2: the data crosses into a second page
	for (u32 i = 10; i <= 15; i++)
		EXPECT_EQ(word(sqe, i), i);

	data = npp_data{0x1000, 0x200000000, 0, true, false};
	npp_user_sqe(&c, &data, 12, &sqe);
	EXPECT_EQ(word(sqe, 0), 0x42);
	EXPECT_EQ(word(sqe, 6), 0x1000);
	EXPECT_EQ(word(sqe, 9), 2);

	// An SGL descriptor: the address, the length, type 0 (base 2.0, 4.4)
	data = npp_data{0x1000, 0, 0x12345, false, true};
	npp_user_sqe(&c, &data, 12, &sqe);
	EXPECT_EQ(word(sqe, 0), 0x4042);
	EXPECT_EQ(word(sqe, 6), 0x1000);
	EXPECT_EQ(word(sqe, 8), 0x12345);
	EXPECT_EQ(word(sqe, 9), 0);

	data = npp_data{0x1000, 0, 0, false, false};
	npp_user_sqe(&c, &data, 12, &sqe);
	EXPECT_EQ(word(sqe, 0), 0x42);
	for (u32 i = 4; i < 10; i++)
		EXPECT_EQ(word(sqe, i), 0);
}

void subsystem_reset_is_written_where_it_exists()
{
	Rig &rig = test::started_rig();

	EXPECT_EQ(npp_ctrl_subsystem_reset(&rig.ctrl), NPP_EOPNOTSUPP);
	EXPECT_EQ(rig.dev.controller.subsystem_reset(), 0);
	rig.dev.controller.setup.has_subsystem_reset = true;
	EXPECT_EQ(npp_ctrl_subsystem_reset(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.controller.subsystem_reset(), 0x4e564d65);
	rig.dev.controller.vanish();
	EXPECT_EQ(npp_ctrl_subsystem_reset(&rig.ctrl), NPP_ENODEV);
}

constexpr test::Case cases[] = {
	CASE(passthrough_knows_what_admin_commands_move),
	CASE(passthrough_knows_directives_without_data),
	CASE(passthrough_counts_do_not_overflow),
	CASE(passthrough_knows_what_io_commands_move),
	CASE(passthrough_knows_the_formats_of_copy),
	CASE(passthrough_needs_the_memory_that_a_command_moves),
	CASE(passthrough_keeps_the_drivers_own_commands),
	CASE(passthrough_lets_anybody_ask_for_geometry),
	CASE(passthrough_io_of_the_unprivileged_is_limited),
	CASE(passthrough_readers_change_nothing),
	CASE(effects_are_what_the_log_says),
	CASE(effects_without_a_log_are_none),
	CASE(effects_say_what_follows),
	CASE(passthrough_entry_is_the_users),
	CASE(subsystem_reset_is_written_where_it_exists),
};

} // namespace

constinit const test::Group test::passthrough_cases = test::group(cases);
