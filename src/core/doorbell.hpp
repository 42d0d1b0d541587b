// SPDX-License-Identifier: GPL-2.0
// One doorbell: a register, and where the controller has taken them, its entries in the
// shadow doorbell and event index buffers (base specification 2.0, 5.8 and annex B.5).
//
// A write to a register of a virtual device leaves the guest.  With shadow doorbells the
// device reads the value from memory and writes there, as the event index, after which
// value it wants the register written again: a device that is busy anyway is not disturbed.
#pragma once

#include "barrier.hpp"
#include "le.hpp"

#include <nvmepp/queue.h>

namespace npp
{

class Doorbell {
public:
	NPP_INLINE explicit Doorbell(void *reg_address) : reg(reg_address), shadow(nullptr) {}

	// @index: of the doorbells that are in the shadow buffer; null: only the register.
	NPP_INLINE void use_shadow(void *buffer, u32 index)
	{
		shadow = buffer ? static_cast<Le32 *>(buffer) + index : nullptr;
	}

	NPP_INLINE bool has_shadow() const { return shadow != nullptr; }
	NPP_INLINE void write(u32 now) const { npp_os_doorbell(reg, now); }

	// The ring has moved from @was to @now: tells the device by memory; true if it wants
	// the register written besides.  The value, then the event index: the device writes the
	// index, then reads the value.  So whoever comes second sees what the other has written.
	NPP_INLINE bool wants_write(u32 was, u32 now) const
	{
		Le32 *const value = shadow;

		dma_release_barrier();
		value->set_once(now);
		dma_full_barrier();
		return passes(value[TO_EVENT].get_once(), was, now);
	}

	// Is @event one of @was .. @now - 1, round the ring's end?  Whatever the device writes
	// there, it is only compared.  Exact for every ring of less than 2^16 entries.
	NPP_INLINE static constexpr bool passes(u32 event, u32 was, u32 now)
	{
		return static_cast<u16>(now - event - 1) < static_cast<u16>(now - was);
	}

private:
	static constexpr u32 TO_EVENT = NPP_SHADOW_BYTES / sizeof(Le32);

	void *reg;
	Le32 *shadow;
};

} // namespace npp
