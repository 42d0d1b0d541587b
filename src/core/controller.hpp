// SPDX-License-Identifier: GPL-2.0
// One controller: its registers, capabilities and state.
#pragma once

#include "ctrl_state.hpp"
#include "queue_entry.hpp"
#include "regs.hpp"

#include <nvmepp/controller.h>

namespace npp
{

class Controller {
public:
	NPP_INLINE explicit Controller(npp_dev *d) : dev(d), state_now(NPP_NEW) {}

	int read_capabilities(u8 host_page_shift);
	int reread_capabilities();
	int disable();
	int disable_at_once();
	int enable(u64 asq_dma, u64 acq_dma);
	int shutdown(u32 timeout_ms);
	int reset_subsystem();
	npp_health health() const;
	NPP_INLINE void unmask_interrupts() const
	{
		npp_os_write32(dev, regs::INTMC, regs::ALL_ONES);
	}

	NPP_INLINE npp_state state() const { return __atomic_load_n(&state_now, __ATOMIC_ACQUIRE); }
	npp_ctrl_move apply(npp_ctrl_event event, u32 which);

	// Sends @e and waits.  0, a positive status, or a negative error.
	int admin(const Sqe &e, u32 *result) const;
	// The same for commands that have no business failing: reports and maps.
	int admin_must(const Sqe &e) const;
	// What admin_must() makes of the answer @got to @e.
	int require(const Sqe &e, int got) const;
	// The same for commands that may be refused, which is an answer too.
	NPP_INLINE int admin_may(const Sqe &e) const { return min(admin(e, nullptr), 0); }

	NPP_INLINE void report(npp_event event, u64 a, u64 b) const
	{
		npp_os_event(dev, 0, event, a, b);
	}

	NPP_INLINE u32 max_depth() const { return max_entries; }
	NPP_INLINE u32 doorbell_stride() const { return stride; }
	NPP_INLINE u8 page_size_shift() const { return page_shift; }
	NPP_INLINE u32 page_bytes() const { return u32{1} << page_shift; }
	NPP_INLINE u32 ready_limit_ms() const { return min(ready_ms, ready_cap_ms); }
	NPP_INLINE u32 disable_limit_ms() const { return min(disable_ms, ready_cap_ms); }
	NPP_INLINE void limit_ready(u32 ms) { ready_cap_ms = ms; }
	NPP_INLINE bool has_namespace_list() const { return version >= VERSION_1_1; }
	NPP_INLINE bool has_eui64() const { return version >= VERSION_1_1; }
	NPP_INLINE bool has_nguid() const { return version >= VERSION_1_2; }
	NPP_INLINE bool has_quirk(u32 quirk) const { return quirks & quirk; }
	NPP_INLINE void set_quirks(u32 known) { quirks = known; }
	// Others may take a question about one command set for an error.
	NPP_INLINE bool has_command_sets() const
	{
		return version >= VERSION_2_0 || command_sets == regs::cc::CSS_ALL;
	}
	NPP_INLINE u32 namespaces() const { return nn; }
	NPP_INLINE void set_namespaces(u32 count) { nn = count; }

private:
	static constexpr u8 SMALLEST_PAGE_SHIFT = 12; // CAP.MPSMIN and CC.MPS count from 4 KiB
	static constexpr u32 VERSION_1_1 = 0x00010100;
	static constexpr u32 VERSION_1_2 = 0x00010200;
	static constexpr u32 VERSION_2_0 = 0x00020000;

	int read(u32 offset, u32 &value) const;
	int read_wide(u32 offset, u64 &value) const;
	void write_wide(u32 offset, u64 value) const;
	void clear_enable();
	template <typename Reached>
	int wait_status(u32 timeout_ms, npp_event late, bool stop_if_fatal, Reached reached) const;
	int choose_page_size(u64 cap, u8 host_page_shift);
	int choose_command_set(u64 cap);

	npp_dev *dev;
	npp_state state_now;
	u32 held_by = 0; // NPP_HOLD_*
	u32 version = 0;
	u32 cc = 0; // what CC was last written, or is about to be
	u32 max_entries = 0;
	u32 stride = 0;
	u32 ready_ms = 0;       // CAP.TO, CRTO: to become ready
	u32 disable_ms = 0;     // CAP.TO: to become not ready
	u32 ready_cap_ms = ~0u; // what the caller's own time leaves of it
	u32 command_sets = 0;   // CC.CSS
	u32 nn = 0;             // Identify Controller: highest namespace id
	u32 quirks = 0;         // NPP_QUIRK_*
	u8 page_shift = 0;      // CAP.MPSMIN's, which is the unit of MDTS, too
};

NPP_INLINE Controller &controller(npp_ctrl *c)
{
	return object_in<Controller>(c);
}

NPP_INLINE const Controller &controller(const npp_ctrl *c)
{
	return object_in<Controller>(c);
}

} // namespace npp
