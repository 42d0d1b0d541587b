// SPDX-License-Identifier: GPL-2.0
// Structures as they lie in memory: NVMe base specification 2.0 (base) and NVM
// command set specification 1.0 (nvm).  Names are the specification's.
#pragma once

#include "bits.hpp"
#include "le.hpp"

#include <nvmepp/controller.h>
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

enum class AdminOpcode : u8 {
	delete_sq = 0x00,
	create_sq = 0x01,
	get_log_page = 0x02,
	delete_cq = 0x04,
	create_cq = 0x05,
	identify = 0x06,
	abort = 0x08,
	set_features = 0x09,
	get_features = 0x0a,
	async_event_request = 0x0c,
	namespace_management = 0x0d,
	firmware_commit = 0x10,
	firmware_download = 0x11,
	device_self_test = 0x14,
	namespace_attachment = 0x15,
	directive_send = 0x19,
	directive_receive = 0x1a,
	controller_data_queue = 0x45, // base 2.1
	doorbell_buffer_config = 0x7c,
	format_nvm = 0x80,
	security_send = 0x81,
	security_receive = 0x82,
	sanitize = 0x84,
};

enum class NvmOpcode : u8 {
	flush = 0x00,
	write = 0x01,
	read = 0x02,
	write_uncorrectable = 0x04,
	compare = 0x05,
	write_zeroes = 0x08,
	dataset_management = 0x09,
	verify = 0x0c,
	reservation_register = 0x0d,
	reservation_report = 0x0e,
	reservation_acquire = 0x11,
	reservation_release = 0x15,
	copy = 0x19,
	io_management_send = 0x1d,
	zone_management_send = 0x79, // zoned command set
	zone_append = 0x7d,
};

// base 5.17, figure 273
enum class Cns : u8 {
	ns = 0x00,
	ctrl = 0x01,
	active_ns_list = 0x02,
	ns_descriptors = 0x03,
	ns_command_set = 0x05,
	ctrl_command_set = 0x06,
	ns_independent = 0x08,
};

// base 5.16.1
enum class LogPage : u8 {
	error = 0x01,
	health = 0x02,
	changed_namespaces = 0x04,
	effects = 0x05,
};

constexpr u8 FEATURE_NUMBER_OF_QUEUES = 0x07;     // base 5.27.1.5
constexpr u8 FEATURE_INTERRUPT_COALESCING = 0x08; // base 5.27.1.6
constexpr u8 FEATURE_ASYNC_EVENTS = 0x0b;         // base 5.27.1.9
constexpr u8 FEATURE_HOST_MEMORY_BUFFER = 0x0d;   // base 5.27.1.10
constexpr u8 FEATURE_TIMESTAMP = 0x0e;            // base 5.27.1.11
constexpr u8 COMMAND_SET_NVM = 0x00;
constexpr u32 ALL_NAMESPACES = 0xffffffff;

// base 5.17.2.1
struct IdentifyCtrl {
	Le16 vid;
	Le16 ssvid;
	char sn[20];
	char mn[40];
	char fr[8];
	u8 rab;
	u8 ieee[3];
	u8 cmic;
	u8 mdts;
	Le16 cntlid;
	Le32 ver;
	Le32 rtd3r;
	Le32 rtd3e;
	Le32 oaes;
	u8 reserved96[15];
	u8 cntrltype;
	u8 reserved112[144];
	Le16 oacs;
	u8 reserved258[3];
	u8 lpa;
	u8 reserved262[250];
	u8 sqes;
	u8 cqes;
	Le16 maxcmd;
	Le32 nn;
	Le16 oncs;
	Le16 fuses;
	u8 fna;
	u8 vwc;
	u8 reserved526[10];
	Le32 sgls;
	u8 reserved540[228];
	char subnqn[256];
	u8 reserved1024[3072];
};
static_assert(sizeof(IdentifyCtrl) == NPP_IDENTIFY_BYTES);
static_assert(__builtin_offsetof(IdentifyCtrl, mdts) == 77);
static_assert(__builtin_offsetof(IdentifyCtrl, rtd3e) == 88);
static_assert(__builtin_offsetof(IdentifyCtrl, oaes) == 92);
static_assert(__builtin_offsetof(IdentifyCtrl, cntrltype) == 111);
static_assert(__builtin_offsetof(IdentifyCtrl, oacs) == 256);
static_assert(__builtin_offsetof(IdentifyCtrl, lpa) == 261);
static_assert(__builtin_offsetof(IdentifyCtrl, sqes) == 512);
static_assert(__builtin_offsetof(IdentifyCtrl, nn) == 516);
static_assert(__builtin_offsetof(IdentifyCtrl, vwc) == 525);
static_assert(__builtin_offsetof(IdentifyCtrl, sgls) == 536);
static_assert(__builtin_offsetof(IdentifyCtrl, subnqn) == 768);

namespace oaes
{
using NAMESPACE_ATTRIBUTE = Field<u32, 8, 8>; // the same bit lets it report them
} // namespace oaes

namespace oacs
{
using DOORBELL_BUFFERS = Field<u16, 8, 8>; // Doorbell Buffer Config
} // namespace oacs

namespace lpa
{
using EFFECTS = Field<u8, 1, 1>; // the Commands Supported and Effects log is there
} // namespace lpa

namespace coalescing
{
using THR0 = Field<u32, 7, 0>;  // completions to gather, 0's based
using TIME = Field<u32, 15, 8>; // in 100 us
} // namespace coalescing

namespace entry_size
{
using MIN = Field<u8, 3, 0>;
using MAX = Field<u8, 7, 4>;
} // namespace entry_size

// base 5.27.1.11: milliseconds since 1970 in 48 bits; the controller sets the rest
using Timestamp = Le64;
constexpr u64 TIMESTAMP_MASK = (u64{1} << 48) - 1;

namespace oncs
{
using DATASET_MANAGEMENT = Field<u16, 2, 2>;
using WRITE_ZEROES = Field<u16, 3, 3>;
using RESERVATIONS = Field<u16, 5, 5>;
using TIMESTAMP = Field<u16, 6, 6>;
} // namespace oncs

namespace sgls
{
using SUPPORTED = Field<u32, 1, 0>;
constexpr u32 ANY = 1;    // any alignment
constexpr u32 DWORDS = 2; // dwords only, which is what our buffers are
} // namespace sgls

namespace vwc
{
using PRESENT = Field<u8, 0, 0>;
} // namespace vwc

// nvm 4.1.5.4: what is limited besides MDTS; 0: nothing
struct IdentifyCtrlNvm {
	u8 vsl;
	u8 wzsl; // one Write Zeroes, as MDTS counts
	u8 wusl;
	u8 dmrl;    // ranges to deallocate in one command
	Le32 dmrsl; // blocks of one range to deallocate
	Le64 dmsl;  // and of all in a command
	u8 reserved16[4080];
};
static_assert(sizeof(IdentifyCtrlNvm) == NPP_IDENTIFY_BYTES);
static_assert(__builtin_offsetof(IdentifyCtrlNvm, dmrsl) == 4);

// nvm 4.1.5.1
struct LbaFormat {
	Le16 ms;
	u8 lbads;
	u8 rp;
};

struct IdentifyNs {
	Le64 nsze;
	Le64 ncap;
	Le64 nuse;
	u8 nsfeat;
	u8 nlbaf0;
	u8 flbas;
	u8 mc;
	u8 dpc;
	u8 dps;
	u8 nmic;
	u8 rescap;
	u8 fpi;
	u8 dlfeat;
	u8 reserved34[30];
	Le16 npwg0;
	Le16 npwa0;
	Le16 npdg0;
	Le16 npda0;
	Le16 nows0;
	u8 reserved74[25];
	u8 nsattr;
	u8 reserved100[4];
	u8 nguid[16];
	u8 eui64[8];
	LbaFormat lbaf[64];
	u8 reserved384[3712];
};
static_assert(sizeof(IdentifyNs) == NPP_IDENTIFY_BYTES);
static_assert(__builtin_offsetof(IdentifyNs, rescap) == 31);
static_assert(__builtin_offsetof(IdentifyNs, dlfeat) == 33);
static_assert(__builtin_offsetof(IdentifyNs, npwg0) == 64);
static_assert(__builtin_offsetof(IdentifyNs, nows0) == 72);
static_assert(__builtin_offsetof(IdentifyNs, nsattr) == 99);
static_assert(__builtin_offsetof(IdentifyNs, nguid) == 104);
static_assert(__builtin_offsetof(IdentifyNs, eui64) == 120);
static_assert(__builtin_offsetof(IdentifyNs, lbaf) == 128);

namespace nsfeat
{
using PREFERRED_SIZES = Field<u8, 4, 4>; // NPWG, NPWA, NPDG, NPDA and NOWS are there
} // namespace nsfeat

namespace flbas
{
using INDEX_LOW = Field<u8, 3, 0>;
using INDEX_HIGH = Field<u8, 6, 5>; // counts where there are more than 16 formats
} // namespace flbas

namespace dlfeat
{
using READS_AS = Field<u8, 2, 0>;
using DEAC = Field<u8, 3, 3>; // Write Zeroes may deallocate
constexpr u8 READS_ZEROES = 1;
} // namespace dlfeat

namespace rescap
{
using PERSIST = Field<u8, 0, 0>; // through a power loss
} // namespace rescap

namespace nsattr
{
using WRITE_PROTECTED = Field<u8, 0, 0>;
} // namespace nsattr

// base 5.17.2.3
struct NsDescriptor {
	u8 nidt;
	u8 nidl;
	u8 reserved[2];
};

enum class NsIdType : u8 { eui64 = 1, nguid = 2, uuid = 3, csi = 4 };

// nvm 3.2.3
struct DsmRange {
	Le32 attributes;
	Le32 blocks;
	Le64 slba;
};

} // namespace npp
