// SPDX-License-Identifier: GPL-2.0
// What Identify returns: NVMe base specification 2.0 (base) and NVM command set
// specification 1.0 (nvm).  Names are the specification's.
#pragma once

#include "bits.hpp"
#include "le.hpp"

#include <nvmepp/controller.h>

namespace npp
{

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

namespace entry_size
{
using MIN = Field<u8, 3, 0>;
using MAX = Field<u8, 7, 4>;
} // namespace entry_size

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

} // namespace npp
