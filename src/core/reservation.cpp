// SPDX-License-Identifier: GPL-2.0
// Persistent reservations: include/nvmepp/reservation.h.  Base specification 2.0, 7.3 to 7.6.

#include <nvmepp/reservation.h>

#include "bits.hpp"
#include "command_set.hpp"

namespace npp
{

namespace
{

// Dword 10 of Register, Acquire and Release.
namespace cdw10
{
using ACTION = Field<u32, 2, 0>; // RREGA, RACQA, RRELA
using IEKEY = Field<u32, 3, 3>;  // the current key is not compared
using RTYPE = Field<u32, 15, 8>;
using CPTPL = Field<u32, 31, 30>;
} // namespace cdw10

constexpr u32 REGISTER = 0, UNREGISTER = 1, REPLACE = 2; // RREGA
constexpr u32 RELEASE = 0, CLEAR = 1;                    // RRELA
constexpr u32 PTPL_KEEP = 3;                             // CPTPL: persist through power loss
constexpr u32 EXTENDED = 1;                              // dword 11 of Report: EDS

void begin(npp_user_command &c, NvmOpcode opcode, u32 dword10, u32 bytes)
{
	c = npp_user_command{};
	c.opcode = static_cast<u8>(opcode);
	c.cdw10 = dword10;
	c.data_bytes = bytes;
}

void set_keys(npp_pr_keys &data, u64 first, u64 second)
{
	Le64 wire[2];

	static_assert(sizeof(wire) == sizeof(data));
	wire[0].set(first);
	wire[1].set(second);
	__builtin_memcpy(data.keys, wire, sizeof(wire));
}

void release(u32 action, u64 key, u8 type, npp_user_command &c, npp_pr_keys &data)
{
	begin(c, NvmOpcode::reservation_release,
	      cdw10::ACTION::of(action) | cdw10::IEKEY::of(!key) | cdw10::RTYPE::of(type),
	      sizeof(u64));
	set_keys(data, key, 0);
}

// Both structures begin alike; the entries differ in the order of key and host.
struct ReportHeader {
	Le32 gen;
	u8 rtype;
	u8 regctl[2]; // Le16, unaligned
	u8 reserved7[2];
	u8 ptpls;
	u8 reserved10[14];
};
static_assert(sizeof(ReportHeader) == NPP_PR_HEADER_BYTES(false));

struct Registrant {
	Le16 cntlid;
	u8 rcsts;
	u8 reserved3[5];
	Le64 hostid;
	Le64 rkey;
};
static_assert(sizeof(Registrant) == NPP_PR_ENTRY_BYTES(false));

struct ExtendedRegistrant {
	Le16 cntlid;
	u8 rcsts;
	u8 reserved3[5];
	Le64 rkey;
	u8 hostid[16];
	u8 reserved32[32];
};
static_assert(sizeof(ExtendedRegistrant) == NPP_PR_ENTRY_BYTES(true));

constexpr u8 LAST_TYPE = 6; // Exclusive Access - All Registrants

using HOLDS = Field<u8, 0, 0>; // RCSTS: this one has the reservation

template <typename Entry>
void parse_entries(const u8 *at, u32 entries, u64 *keys, u32 capacity, npp_pr_summary &s)
{
	for (u32 i = 0; i < entries; i++, at += sizeof(Entry)) {
		Entry entry;

		__builtin_memcpy(&entry, at, sizeof(entry));
		if (keys && i < capacity)
			keys[i] = entry.rkey.get();
		if (HOLDS::get(entry.rcsts) && !s.holder_key)
			s.holder_key = entry.rkey.get();
	}
}

int parse(const u8 *report, u32 bytes, bool extended, u64 *keys, u32 capacity, npp_pr_summary &s)
{
	const u32 header_bytes = NPP_PR_HEADER_BYTES(extended);
	ReportHeader header;

	s = npp_pr_summary{};
	if (bytes < header_bytes)
		return NPP_EPROTO;
	__builtin_memcpy(&header, report, sizeof(header));
	s.generation = header.gen.get();
	s.type = header.rtype <= LAST_TYPE ? header.rtype : 0;
	const u32 registrants = static_cast<u32>(header.regctl[0] | header.regctl[1] << 8);
	const u32 room = (bytes - header_bytes) / NPP_PR_ENTRY_BYTES(extended);
	const u32 entries = min(registrants, room);
	s.registrants = entries;
	const u8 *first = report + header_bytes;
	if (extended)
		parse_entries<ExtendedRegistrant>(first, entries, keys, capacity, s);
	else
		parse_entries<Registrant>(first, entries, keys, capacity, s);
	return NPP_OK;
}

} // namespace

} // namespace npp

using npp::NvmOpcode;
namespace cdw10 = npp::cdw10;

extern "C" {

void npp_pr_register(u64 old_key, u64 new_key, bool ignore, bool keep, npp_user_command *c,
		     npp_pr_keys *data)
{
	const u32 action = !new_key ? npp::UNREGISTER : old_key ? npp::REPLACE : npp::REGISTER;

	npp::begin(*c, NvmOpcode::reservation_register,
		   cdw10::ACTION::of(action) | cdw10::IEKEY::of(ignore) |
			   cdw10::CPTPL::of(keep ? npp::PTPL_KEEP : 0),
		   sizeof(*data));
	npp::set_keys(*data, old_key, new_key);
}

void npp_pr_acquire(npp_pr_action action, u64 key, u64 other, u8 type, bool ignore,
		    npp_user_command *c, npp_pr_keys *data)
{
	npp::begin(*c, NvmOpcode::reservation_acquire,
		   cdw10::ACTION::of(static_cast<u32>(action)) | cdw10::IEKEY::of(ignore) |
			   cdw10::RTYPE::of(type),
		   sizeof(*data));
	npp::set_keys(*data, key, other);
}

void npp_pr_release(u64 key, u8 type, npp_user_command *c, npp_pr_keys *data)
{
	npp::release(npp::RELEASE, key, type, *c, *data);
}

void npp_pr_clear(u64 key, npp_user_command *c, npp_pr_keys *data)
{
	npp::release(npp::CLEAR, key, 0, *c, *data);
}

void npp_pr_report(bool extended, u32 bytes, npp_user_command *c)
{
	npp::begin(*c, NvmOpcode::reservation_report, bytes / 4 - 1, bytes);
	c->cdw11 = extended ? npp::EXTENDED : 0;
}

int npp_pr_parse(const void *report, u32 bytes, bool extended, u64 *keys, u32 capacity,
		 npp_pr_summary *summary)
{
	return npp::parse(static_cast<const u8 *>(report), bytes, extended, keys, capacity,
			  *summary);
}

} // extern "C"
