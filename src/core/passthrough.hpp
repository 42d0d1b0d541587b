// SPDX-License-Identifier: GPL-2.0
// What is known of a command before it is sent for a user: how much memory the
// controller will touch, whether it keeps that memory, and who may ask for it.
#pragma once

#include "spec.hpp"

#include <nvmepp/passthrough.h>

namespace npp
{

// base 2.0, 5.16.1.6
namespace effects
{
constexpr u32 SUPPORTED = 1u << 0;
constexpr u32 BLOCKS_CHANGE = 1u << 1;       // LBCC
constexpr u32 NAMESPACES_CHANGE = 1u << 2;   // NCC
constexpr u32 INVENTORY_CHANGES = 1u << 3;   // NIC
constexpr u32 CAPABILITIES_CHANGE = 1u << 4; // CCC
constexpr u32 EXCLUSION = 7u << 16;          // CSE: not beside other commands
constexpr u32 UUID_SELECTION = 1u << 19;
constexpr u32 SCOPE = 0xfffu << 20;
constexpr u32 HARMLESS = SUPPORTED | BLOCKS_CHANGE | UUID_SELECTION | SCOPE;
} // namespace effects

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

// Commands that have these effects whatever the log says of them. LBCC is what needs a
// node that was opened for writing, so it is here of everything that changes what others read,
// or are allowed: bit 0 of an opcode does not say it (04h, 08h).
NPP_INLINE constexpr u32 known_admin_effects(u8 opcode)
{
	switch (opcode) {
	case code(AdminOpcode::format_nvm):
	case code(AdminOpcode::sanitize):
		return effects::BLOCKS_CHANGE | effects::EXCLUSION;
	case code(AdminOpcode::namespace_management):
	case code(AdminOpcode::namespace_attachment):
		return effects::INVENTORY_CHANGES;
	default:
		return 0;
	}
}

NPP_INLINE constexpr u32 known_io_effects(u8 opcode)
{
	switch (opcode) {
	case code(NvmOpcode::write):
	case code(NvmOpcode::write_uncorrectable):
	case code(NvmOpcode::write_zeroes):
	case code(NvmOpcode::dataset_management):
	case code(NvmOpcode::reservation_register):
	case code(NvmOpcode::reservation_acquire):
	case code(NvmOpcode::reservation_release):
	case code(NvmOpcode::copy):
	case code(NvmOpcode::io_management_send):
	case code(NvmOpcode::zone_management_send):
	case code(NvmOpcode::zone_append):
		return effects::BLOCKS_CHANGE;
	default:
		return 0;
	}
}

NPP_INLINE constexpr u32 known_effects(bool admin, u8 opcode)
{
	return admin ? known_admin_effects(opcode) : known_io_effects(opcode);
}

// Commands whose memory the controller uses on after they have completed, or that
// complete only when something happens: the driver cannot take them back.
NPP_INLINE constexpr bool drivers_own(const npp_user_command &c)
{
	if (!c.admin)
		return false;
	switch (c.opcode) {
	case code(AdminOpcode::delete_sq):
	case code(AdminOpcode::create_sq):
	case code(AdminOpcode::delete_cq):
	case code(AdminOpcode::create_cq):
	case code(AdminOpcode::async_event_request):
	case code(AdminOpcode::controller_data_queue):
	case code(AdminOpcode::doorbell_buffer_config):
		return true;
	case code(AdminOpcode::set_features):
		return (c.cdw10 & 0xff) == FEATURE_HOST_MEMORY_BUFFER;
	default:
		return false;
	}
}

// What says how large blocks are, and no secret.
NPP_INLINE constexpr bool tells_geometry(const npp_user_command &c)
{
	if (c.opcode != code(AdminOpcode::identify))
		return false;
	switch (c.cdw10 & 0xff) {
	case code(Cns::ns):
	case code(Cns::ctrl):
	case code(Cns::ns_command_set):
	case code(Cns::ctrl_command_set):
	case code(Cns::ns_independent):
		return true;
	default:
		return false;
	}
}

// Upstream's rules since 855b7717f44b (Linux 6.2), and one more: who is not
// privileged may send only what is known to stay within its buffer.
NPP_INLINE constexpr bool allowed(const npp_user_command &c, const npp_user_rights &rights,
				  u32 effect)
{
	if (rights.privileged)
		return true;
	if (rights.partition)
		return false; // its commands would reach beyond the partition
	if (c.admin)
		return tells_geometry(c);
	if (bytes_moved(c) == UNKNOWN_BYTES)
		return false; // the vendor's and fabrics' commands among them
	if (c.opcode == code(NvmOpcode::copy) && copy::names_namespaces(c))
		return false; // of which it may read any
	const u32 all = effect | known_effects(false, c.opcode);
	if (!(all & effects::SUPPORTED) || (all & ~effects::HARMLESS))
		return false;
	// Bit 0 of an opcode: data to the controller (base 3.3.3.1).
	return rights.may_write || !((c.opcode & 1) || (all & effects::BLOCKS_CHANGE));
}

NPP_INLINE constexpr bool leaves_buffer(const npp_user_command &c)
{
	const u32 bytes = bytes_moved(c);

	return bytes == TOO_MANY_BYTES || (bytes != UNKNOWN_BYTES && bytes > c.data_bytes);
}

static constexpr npp_user_verdict user_verdict(const npp_user_command &c,
					       const npp_user_rights &rights, u32 effect)
{
	if (!allowed(c, rights, effect))
		return NPP_USER_FORBIDDEN;
	if (drivers_own(c))
		return NPP_USER_DRIVERS_OWN;
	if (leaves_buffer(c))
		return NPP_USER_TOO_SHORT;
	return NPP_USER_SEND;
}

namespace passthrough_proof
{

// Calls @holds for every opcode of both sets with every combination of rights.
template <typename Property> constexpr bool always(Property holds)
{
	npp_user_command c{};

	for (int opcode = 0; opcode < 256; opcode++)
		for (unsigned bits = 0; bits < 32; bits++) {
			const npp_user_rights rights{(bits & 1) != 0, (bits & 2) != 0,
						     (bits & 4) != 0};

			c.opcode = static_cast<u8>(opcode);
			c.admin = bits & 8 ? 1 : 0;
			c.data_bytes = bits & 16 ? 1u << 20 : 0;
			if (!holds(c, rights))
				return false;
		}
	return true;
}

using Command = npp_user_command;
using Rights = npp_user_rights;

static_assert(always([](const Command &c, const Rights &r) {
		      return r.privileged || user_verdict(c, r, ~0u) == NPP_USER_FORBIDDEN ||
			     c.admin;
	      }),
	      "unknown effects are not for the unprivileged");

// Written down once more, and the other way round: of all opcodes only these leave the medium
// and its reservations as they are. Compare moves data to the controller, as upstream has it.
NPP_INLINE constexpr bool leaves_medium_alone(u8 opcode)
{
	return opcode == code(NvmOpcode::flush) || opcode == code(NvmOpcode::read) ||
	       opcode == code(NvmOpcode::verify) || opcode == code(NvmOpcode::reservation_report);
}

static_assert(always([](const Command &c, const Rights &r) {
		      return r.privileged || r.may_write || c.admin ||
			     leaves_medium_alone(c.opcode) ||
			     user_verdict(c, r, effects::SUPPORTED) == NPP_USER_FORBIDDEN;
	      }),
	      "nothing that changes the medium through a node that was opened for reading");

static_assert(always([](const Command &c, const Rights &r) {
		      return r.privileged || !r.partition ||
			     user_verdict(c, r, effects::SUPPORTED) == NPP_USER_FORBIDDEN;
	      }),
	      "no way out of a partition");

static_assert(always([](const Command &c, const Rights &r) {
		      return user_verdict(c, r, effects::SUPPORTED) != NPP_USER_SEND ||
			     bytes_moved(c) == UNKNOWN_BYTES || bytes_moved(c) <= c.data_bytes;
	      }),
	      "nothing is sent that is known to leave its buffer");

} // namespace passthrough_proof

} // namespace npp
