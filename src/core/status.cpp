// SPDX-License-Identifier: GPL-2.0
// What an NVMe status means for the request that got it: base specification
// 2.0, 3.3.3.2.1.

#include "queue_entry.hpp"

#include <nvmepp/status.h>

namespace
{

constexpr u16 code(u16 type, u16 value)
{
	return static_cast<u16>(type << 8 | value);
}

constexpr npp_outcome outcome(u16 status)
{
	using namespace npp::status;

	if (!status)
		return NPP_OUTCOME_OK;
	switch (status & 0x7ff) {
	case code(GENERIC, 0x01): // invalid command opcode
	case code(GENERIC, 0x02): // invalid field
	case code(GENERIC, 0x13): // PRP offset invalid
		return NPP_OUTCOME_NOT_SUPPORTED;
	case code(GENERIC, 0x81): // capacity exceeded
		return NPP_OUTCOME_NO_SPACE;
	case code(GENERIC, 0x80): // LBA out of range
	case code(GENERIC, 0x0b): // invalid namespace or format
		return NPP_OUTCOME_TARGET;
	case code(GENERIC, 0x83): // reservation conflict
		return NPP_OUTCOME_RESERVATION;
	case code(COMMAND_SPECIFIC, 0x82): // attempted write to read-only range
	case code(GENERIC, 0x20):          // namespace is write protected
	case code(GENERIC, 0x21):          // command interrupted
	case code(GENERIC, 0x82):          // namespace not ready
		return NPP_OUTCOME_TARGET;
	case code(MEDIA, 0x80): // write fault
	case code(MEDIA, 0x81): // unrecovered read error
	case code(MEDIA, 0x86): // access denied
	case code(MEDIA, 0x87): // deallocated or unwritten block
		return NPP_OUTCOME_MEDIUM;
	case code(MEDIA, 0x82): // guard check
	case code(MEDIA, 0x83): // application tag check
	case code(MEDIA, 0x84): // reference tag check
		return NPP_OUTCOME_PROTECTION;
	default:
		return NPP_OUTCOME_IO;
	}
}

constexpr bool may_retry(u16 status, u8 retries)
{
	return !npp::status::DNR::get(status) && retries < NPP_MAX_RETRIES;
}

static_assert(outcome(0) == NPP_OUTCOME_OK);
static_assert(outcome(NPP_STATUS_CANCELLED) == NPP_OUTCOME_IO);
static_assert(may_retry(NPP_STATUS_CANCELLED, 0));
static_assert(!may_retry(NPP_STATUS_CANCELLED, NPP_MAX_RETRIES));
static_assert(outcome(NPP_STATUS_DEAD) == NPP_OUTCOME_IO);
static_assert(!may_retry(NPP_STATUS_DEAD, 0));

} // namespace

extern "C" {

npp_outcome npp_status_outcome(u16 status)
{
	return outcome(status);
}

bool npp_status_may_retry(u16 status, u8 retries)
{
	return may_retry(status, retries);
}

} // extern "C"
