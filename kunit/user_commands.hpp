// SPDX-License-Identifier: GPL-2.0
// Users' commands for the cases that judge them.
#pragma once

#include <nvmepp/passthrough.h>

namespace test
{

constexpr npp_user_rights ROOT{true, false, true};

inline npp_user_command admin(u8 opcode, u32 cdw10, u32 bytes)
{
	npp_user_command c{};

	c.opcode = opcode;
	c.admin = 1;
	c.cdw10 = cdw10;
	c.data_bytes = bytes;
	return c;
}

inline npp_user_command io(u8 opcode, u32 cdw12, u32 bytes)
{
	npp_user_command c{};

	c.opcode = opcode;
	c.nsid = 1;
	c.block_shift = 12;
	c.cdw12 = cdw12;
	c.data_bytes = bytes;
	return c;
}

} // namespace test
