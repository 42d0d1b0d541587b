// SPDX-License-Identifier: GPL-2.0
// How many bytes a user's command moves.

#include "corpus.hpp"
#include "test.hpp"
#include "user_commands.hpp"

namespace
{

using test::admin, test::io;

npp_user_verdict judge(const npp_user_command &c)
{
	return npp_judge_command(&c, &test::ROOT, 1 /* supported */);
}

// The least that is enough, and one byte less.
void expect_bytes(npp_user_command c, u32 bytes)
{
	c.data_bytes = bytes;
	EXPECT_EQ(judge(c), NPP_USER_SEND);
	if (!bytes)
		return;
	c.data_bytes = bytes - 1;
	EXPECT_EQ(judge(c), NPP_USER_TOO_SHORT);
}

void command_bytes_of_admin_commands()
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
void command_bytes_of_directives()
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
void command_bytes_do_not_overflow()
{
	npp_user_command log = admin(0x02, 0xffff0002, 4096);

	log.cdw11 = 0xffff;
	EXPECT_EQ(judge(log), NPP_USER_TOO_SHORT);
	EXPECT_EQ(judge(admin(0x11, 0xffffffff, 4096)), NPP_USER_TOO_SHORT);
	EXPECT_EQ(judge(admin(0x11, 0x3fffffff, 4096)), NPP_USER_TOO_SHORT);
	log.data_bytes = 0xffffffff; // a sixteenth of what it moves
	EXPECT_EQ(judge(log), NPP_USER_TOO_SHORT);
	for (u8 shift = 9; shift < 47; shift++) {
		npp_user_command read = io(0x02, 0xffff, 4096);

		read.block_shift = shift;
		EXPECT_EQ(judge(read), NPP_USER_TOO_SHORT);
	}
}

void command_bytes_of_io_commands()
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
void command_bytes_of_copies()
{
	constexpr u32 TWO_RANGES = 1;

	expect_bytes(io(0x19, TWO_RANGES, 0), 64);
	expect_bytes(io(0x19, 0xf000f000 | 1 << 8 | TWO_RANGES, 0), 80);
	expect_bytes(io(0x19, 2 << 8 | TWO_RANGES, 0), 64);
	expect_bytes(io(0x19, 3 << 8 | TWO_RANGES, 0), 80);
	expect_bytes(io(0x19, 4 << 8 | TWO_RANGES, 0), 0); // unknown
}

constexpr test::Case cases[] = {
	CASE(command_bytes_of_admin_commands), CASE(command_bytes_of_directives),
	CASE(command_bytes_do_not_overflow),   CASE(command_bytes_of_io_commands),
	CASE(command_bytes_of_copies),
};

} // namespace

constinit const test::Group test::command_bytes_cases = test::group(cases);
