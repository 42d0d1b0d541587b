// SPDX-License-Identifier: GPL-2.0
// How much of the host's memory a command reads or writes, by its words alone.
#pragma once

#include "command_set.hpp"

#include <nvmepp/passthrough.h>

namespace npp
{

// What a user sends may be no enumerator.
template <typename Code> NPP_INLINE constexpr u8 code(Code c)
{
	return static_cast<u8>(c);
}

constexpr u32 UNKNOWN_BYTES = 0xffffffff;
constexpr u32 TOO_MANY_BYTES = UNKNOWN_BYTES - 1; // for any buffer

// A number of dwords or blocks from a command, 0's based, in bytes.
NPP_INLINE constexpr u32 counted(u64 count0, u64 unit)
{
	return static_cast<u32>(min((count0 + 1) * unit, u64{TOO_MANY_BYTES}));
}

// What a directive's operation does, CDW11 bits 15:0: type and operation (base 2.0, 8.7).
namespace directive
{
NPP_INLINE constexpr u32 operation(const npp_user_command &c)
{
	return c.cdw11 & 0xffff;
}

constexpr u32 SEND_ENABLE = 0x0001;
constexpr u32 SEND_RELEASE_IDENTIFIER = 0x0101;
constexpr u32 SEND_RELEASE_RESOURCES = 0x0102;
constexpr u32 RECEIVE_ALLOCATE_RESOURCES = 0x0103;
} // namespace directive

NPP_INLINE constexpr u32 directive_send_bytes(const npp_user_command &c)
{
	switch (directive::operation(c)) {
	case directive::SEND_ENABLE:
	case directive::SEND_RELEASE_IDENTIFIER:
	case directive::SEND_RELEASE_RESOURCES:
		return 0;
	default:
		return counted(c.cdw10, 4);
	}
}

NPP_INLINE constexpr u32 directive_receive_bytes(const npp_user_command &c)
{
	return directive::operation(c) == directive::RECEIVE_ALLOCATE_RESOURCES
		       ? 0
		       : counted(c.cdw10, 4);
}

// Copy, nvm 3.2.2: CDW12 has the number of ranges, 0's based, and the format of each.
namespace copy
{
NPP_INLINE constexpr u32 format(const npp_user_command &c)
{
	return c.cdw12 >> 8 & 0xf;
}

NPP_INLINE constexpr u32 bytes(const npp_user_command &c)
{
	switch (format(c)) {
	case 0:
	case 2:
		return counted(c.cdw12 & 0xff, 32);
	case 1:
	case 3:
		return counted(c.cdw12 & 0xff, 40);
	default:
		return UNKNOWN_BYTES;
	}
}

// In formats 2 and 3 each range names its namespace, in the user's memory.
NPP_INLINE constexpr bool names_namespaces(const npp_user_command &c)
{
	return format(c) >= 2;
}
} // namespace copy

NPP_INLINE constexpr u32 admin_bytes(const npp_user_command &c)
{
	switch (c.opcode) {
	case code(AdminOpcode::identify):
		return NPP_IDENTIFY_BYTES;
	case code(AdminOpcode::get_log_page):
		return counted(c.cdw10 >> 16 | static_cast<u64>(c.cdw11 & 0xffff) << 16, 4);
	case code(AdminOpcode::namespace_management):
		return c.cdw10 & 0xf ? 0 : NPP_IDENTIFY_BYTES;
	case code(AdminOpcode::namespace_attachment):
		return NPP_IDENTIFY_BYTES;
	case code(AdminOpcode::firmware_download):
		return counted(c.cdw10, 4);
	case code(AdminOpcode::directive_send):
		return directive_send_bytes(c);
	case code(AdminOpcode::directive_receive):
		return directive_receive_bytes(c);
	case code(AdminOpcode::security_send):
	case code(AdminOpcode::security_receive):
		return c.cdw11;
	case code(AdminOpcode::abort):
	case code(AdminOpcode::firmware_commit):
	case code(AdminOpcode::device_self_test):
	case code(AdminOpcode::format_nvm):
	case code(AdminOpcode::sanitize):
		return 0;
	default:
		return UNKNOWN_BYTES;
	}
}

NPP_INLINE constexpr u32 nvm_bytes(const npp_user_command &c)
{
	switch (c.opcode) {
	case code(NvmOpcode::read):
	case code(NvmOpcode::write):
	case code(NvmOpcode::compare):
		return counted(c.cdw12 & 0xffff, u64{1} << c.block_shift);
	case code(NvmOpcode::dataset_management):
		return counted(c.cdw10 & 0xff, sizeof(DsmRange));
	case code(NvmOpcode::copy):
		return copy::bytes(c);
	case code(NvmOpcode::reservation_register):
	case code(NvmOpcode::reservation_acquire):
		return 16;
	case code(NvmOpcode::reservation_release):
		return 8;
	case code(NvmOpcode::reservation_report):
		return counted(c.cdw10, 4);
	case code(NvmOpcode::flush):
	case code(NvmOpcode::write_uncorrectable):
	case code(NvmOpcode::write_zeroes):
	case code(NvmOpcode::verify):
		return 0;
	default:
		return UNKNOWN_BYTES;
	}
}

// Bytes of host memory that the controller will read or write for this command.
NPP_INLINE constexpr u32 bytes_moved(const npp_user_command &c)
{
	return c.admin ? admin_bytes(c) : nvm_bytes(c);
}

} // namespace npp
