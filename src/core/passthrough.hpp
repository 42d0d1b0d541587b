// SPDX-License-Identifier: GPL-2.0
// What is known of a command before it is sent for a user: whether the controller stays
// within its memory, whether it keeps that, and who may send it.
#pragma once

#include "command_bytes.hpp"

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
