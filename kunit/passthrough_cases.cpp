// SPDX-License-Identifier: GPL-2.0
// Users' commands: who may send what, what leaves its buffer, what follows.

#include "corpus.hpp"
#include "rig.hpp"

#include "user_commands.hpp"

namespace
{

using test::admin, test::io, test::Rig, test::ROOT;

constexpr u32 SUPPORTED = 1, BLOCKS_CHANGE = 2;
constexpr npp_user_rights READER{false, false, false}, WRITER{false, false, true},
	PARTITION{false, true, true};

npp_user_verdict judge(const npp_user_command &c, const npp_user_rights &r, u32 effects = SUPPORTED)
{
	return npp_judge_command(&c, &r, effects);
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

// Formats 2 and 3 name the namespace that is read; none knows what 4 and up name.
void passthrough_copies_within_a_namespace_only()
{
	for (u32 format = 0; format < 16; format++)
		EXPECT_EQ(judge(io(0x19, format << 8, 4096), WRITER, SUPPORTED | BLOCKS_CHANGE),
			  format < 2 ? NPP_USER_SEND : NPP_USER_FORBIDDEN);
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
	CASE(passthrough_needs_the_memory_that_a_command_moves),
	CASE(passthrough_keeps_the_drivers_own_commands),
	CASE(passthrough_lets_anybody_ask_for_geometry),
	CASE(passthrough_io_of_the_unprivileged_is_limited),
	CASE(passthrough_readers_change_nothing),
	CASE(effects_are_what_the_log_says),
	CASE(effects_without_a_log_are_none),
	CASE(effects_say_what_follows),
	CASE(passthrough_copies_within_a_namespace_only),
	CASE(passthrough_entry_is_the_users),
	CASE(subsystem_reset_is_written_where_it_exists),
};

} // namespace

constinit const test::Group test::passthrough_cases = test::group(cases);
