// SPDX-License-Identifier: GPL-2.0
// What commands say: opcodes, values of their dwords, and small data.  NVMe base
// specification 2.0 (base) and NVM command set specification 1.0 (nvm).  Names are the
// specification's.
#pragma once

#include "bits.hpp"
#include "le.hpp"

namespace npp
{

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

namespace coalescing
{
using THR0 = Field<u32, 7, 0>;  // completions to gather, 0's based
using TIME = Field<u32, 15, 8>; // in 100 us
} // namespace coalescing

// base 5.27.1.11: milliseconds since 1970 in 48 bits; the controller sets the rest
using Timestamp = Le64;
constexpr u64 TIMESTAMP_MASK = (u64{1} << 48) - 1;

// nvm 3.2.3
struct DsmRange {
	Le32 attributes;
	Le32 blocks;
	Le64 slba;
};

} // namespace npp
