// SPDX-License-Identifier: GPL-2.0
// What an NVMe status means for the request that got it: base specification
// 2.0, 3.3.3.2.1.

#include "spec.hpp"

#include <nvmepp/status.h>

namespace
{

constexpr u16 code(u16 type, u16 value)
{
	return static_cast<u16>(type << 8 | value);
}

// For good, that is when sending again cannot help.
constexpr npp_outcome final_outcome(u16 type_and_code)
{
	using namespace npp::status;

	switch (type_and_code) {
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

constexpr npp_outcome outcome(u16 status, u8 retries)
{
	if (!status)
		return NPP_OUTCOME_OK;
	if (!npp::status::DNR::get(status) && retries < NPP_MAX_RETRIES)
		return NPP_OUTCOME_RETRY;
	return final_outcome(static_cast<u16>(status & 0x7ff));
}

static_assert(outcome(0, 0) == NPP_OUTCOME_OK);
static_assert(outcome(NPP_STATUS_CANCELLED, 0) == NPP_OUTCOME_RETRY);
static_assert(outcome(NPP_STATUS_CANCELLED, NPP_MAX_RETRIES) == NPP_OUTCOME_IO);
static_assert(outcome(NPP_STATUS_DEAD, 0) == NPP_OUTCOME_IO);

} // namespace

extern "C" npp_outcome npp_status_outcome(u16 status, u8 retries)
{
	return outcome(status, retries);
}
