// SPDX-License-Identifier: GPL-2.0
// Controller registers: NVMe base specification 2.0, 3.1.3.
#pragma once

#include "bits.hpp"

namespace npp::regs
{

constexpr u32 CAP = 0x00;
constexpr u32 VS = 0x08;
constexpr u32 INTMC = 0x10;
constexpr u32 CC = 0x14;
constexpr u32 CSTS = 0x1c;
constexpr u32 NSSR = 0x20;
constexpr u32 AQA = 0x24;
constexpr u32 ASQ = 0x28;
constexpr u32 ACQ = 0x30;
constexpr u32 CRTO = 0x68;
constexpr u32 DOORBELLS = 0x1000;

// What every register of a device that has gone reads as.
constexpr u32 ALL_ONES = 0xffffffff;

namespace cap // 3.1.3.1
{
using MQES0 = Field<u64, 15, 0>;   // entries a queue may have, 0's based
using TO = Field<u64, 31, 24>;     // worst time to ready, in 500 ms
using DSTRD = Field<u64, 35, 32>;  // doorbells are 4 << DSTRD bytes apart
using NSSRS = Field<u64, 36, 36>;  // NSSR is there
using CSS = Field<u64, 44, 37>;    // command sets
using MPSMIN = Field<u64, 51, 48>; // pages are 2^(12 + MPSMIN) bytes or more
using MPSMAX = Field<u64, 55, 52>;
using CRWMS = Field<u64, 59, 59>; // CRTO.CRWMT is valid

constexpr u64 CSS_NVM = 1u << 0;
constexpr u64 CSS_SEVERAL = 1u << 6; // one or more I/O command sets, listed by Identify
} // namespace cap

namespace cc // 3.1.3.5
{
using EN = Field<u32, 0, 0>;
using CSS = Field<u32, 6, 4>;
using MPS = Field<u32, 10, 7>;
using AMS = Field<u32, 13, 11>;
using SHN = Field<u32, 15, 14>;
using IOSQES = Field<u32, 19, 16>; // entry sizes, binary logarithm
using IOCQES = Field<u32, 23, 20>;

constexpr u32 CSS_NVM = 0;
constexpr u32 CSS_ALL = 6;
constexpr u32 SHN_NORMAL = 1;
} // namespace cc

namespace csts // 3.1.3.6
{
using RDY = Field<u32, 0, 0>;
using CFS = Field<u32, 1, 1>;
using SHST = Field<u32, 3, 2>;

constexpr u32 SHST_COMPLETE = 2;
} // namespace csts

namespace nssr // 3.1.3.7
{
constexpr u32 RESET = 0x4e564d65; // "NVMe"
} // namespace nssr

namespace aqa // 3.1.3.8
{
using ASQS0 = Field<u32, 11, 0>;
using ACQS0 = Field<u32, 27, 16>;
} // namespace aqa

namespace crto // 3.1.3.22
{
using CRWMT = Field<u32, 15, 0>; // in 500 ms
} // namespace crto

} // namespace npp::regs
