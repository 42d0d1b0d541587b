// SPDX-License-Identifier: GPL-2.0
// What lies in the rings: NVMe base specification 2.0 (base).  Names are the specification's.
#pragma once

#include "bits.hpp"
#include "le.hpp"

#include <nvmepp/queue.h>

namespace npp
{

// base 3.3.3.1
struct Sqe {
	u8 opcode;
	u8 flags;
	Le16 cid;
	Le32 nsid;
	Le32 cdw2;
	Le32 cdw3;
	Le64 mptr;
	Le64 prp1;
	Le64 prp2;
	Le32 cdw10;
	Le32 cdw11;
	Le32 cdw12;
	Le32 cdw13;
	Le32 cdw14;
	Le32 cdw15;
};
static_assert(sizeof(Sqe) == NPP_SQE_BYTES && sizeof(Sqe) == sizeof(npp_sqe));

// base 4.3.2: the second quadword of a data block's descriptor; the first is its
// address. Type and subtype are 0.
namespace sgl
{
NPP_INLINE constexpr u64 data_block(u32 bytes)
{
	return bytes;
}
} // namespace sgl

// The same for a read or write, in quadwords: as little-endian numbers the two
// dwords of each follow one another.
struct RwSqe {
	Le64 head; // opcode, flags, cid; nsid
	Le64 cdw2_3;
	Le64 mptr;
	Le64 dptr1;
	Le64 dptr2;
	Le64 slba;
	Le64 cdw12_13;
	Le64 cdw14_15;
};
static_assert(sizeof(RwSqe) == sizeof(Sqe));
static_assert(__builtin_offsetof(RwSqe, dptr1) == __builtin_offsetof(Sqe, prp1));
static_assert(__builtin_offsetof(RwSqe, slba) == __builtin_offsetof(Sqe, cdw10));
static_assert(__builtin_offsetof(RwSqe, cdw12_13) == __builtin_offsetof(Sqe, cdw12));
static_assert(__builtin_offsetof(Sqe, prp1) == 24 && __builtin_offsetof(Sqe, cdw10) == 40);

// base 3.3.3.2.  The command id shares its dword with phase and status, so one
// load fetches all that decides about an entry (no double fetch).
struct Cqe {
	Le64 result; // most commands have 32 bits of it, and the rest is 0
	Le16 sq_head;
	Le16 sq_id;
	Le32 cid_status;
};
static_assert(sizeof(Cqe) == NPP_CQE_BYTES && __builtin_offsetof(Cqe, cid_status) == 12);

namespace cqe
{
using CID = Field<u32, 15, 0>;
using PHASE = Field<u32, 16, 16>;
using STATUS = Field<u32, 31, 17>;
} // namespace cqe

// base 3.3.3.2.1, with the phase bit cut off
namespace status
{
using SC = Field<u16, 7, 0>;
using SCT = Field<u16, 10, 8>;
using DNR = Field<u16, 14, 14>;

constexpr u16 GENERIC = 0;
constexpr u16 COMMAND_SPECIFIC = 1;
constexpr u16 MEDIA = 2;

constexpr u16 HINTS = 0x3800;              // CRD and More
constexpr u16 FINAL_NO_NAMESPACE = 0x400b; // generic, invalid namespace or format; DNR
} // namespace status

} // namespace npp
