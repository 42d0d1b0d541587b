// SPDX-License-Identifier: GPL-2.0
// What src/linux does with the core, in small: bring-up, I/O queues with
// requests that are counted, a poll, and recovery. Cases that need a whole
// controller start here.
#pragma once

#include "io_queue.hpp"

namespace test
{

constexpr u16 RIG_QUEUES = 4;
constexpr u16 RIG_DEPTH = 16;
constexpr u32 NAMESPACE_BYTES = 64 * 1024;
struct Rig {
	npp_dev &dev = fake::fresh_device();
	npp_ctrl ctrl{};
	npp_ctrl_info info{};
	npp_page page{};
	u8 host_page_shift = 12;
	u16 wanted_queues = 2;
	u16 queues = 0;
	u16 prepared = 0;
	u32 nsids[16]{};
	u32 namespaces = 0;
	npp_ns_info ns[fake::MAX_NAMESPACES]{};
	u32 served_namespaces = 0;
	IoQueue io[RIG_QUEUES]{};
	bool wants_shadow = false; // as a driver that uses shadow doorbells where it may
	u8 *shadow = nullptr;
	u64 shadow_dma = 0;

	Rig();
	// Two namespaces of 64 KiB, one of 512 and one of 4096 bytes a block.
	void add_namespaces();
	void fill_namespaces();
	NPP_INLINE int init() { return npp_ctrl_init(&ctrl, &dev, host_page_shift); }
	NPP_INLINE int enable()
	{
		return npp_ctrl_enable(&ctrl, dev.admin_sq_dma, dev.admin_cq_dma);
	}
	NPP_INLINE int identify() { return npp_identify_ctrl(&ctrl, &page, &info); }
	int start_controller();
	// From now on what Identify @cns returns has @value at @offset.
	template <typename T> NPP_INLINE void edit(u8 cns, u32 offset, T value)
	{
		edit_page(cns, offset, &value, sizeof(value));
	}
	void edit_page(u8 cns, u32 offset, const void *bytes, u32 count);
	// Admin queues and identify page where 64 KiB pages want them.
	void enable_on_large_pages();
	int start_queues();
	int start_shadow_doorbells(bool &taken);
	int scan();
	int bring_up();
	// Reset as the reset work does it; what was in flight has been completed or
	// cancelled when it returns, whatever it returns.
	int recover();
	NPP_INLINE npp_ctrl_move apply(npp_ctrl_event e) { return npp_ctrl_apply(&ctrl, e, 0); }
	NPP_INLINE bool state_is(npp_state s) const { return npp_ctrl_state(&ctrl) == s; }

	// A read or write of whole blocks through pages of its own, one PRP entry
	// each; the result is the request's status, CANCELLED, or LOST.
	u16 transfer(IoQueue &q, u16 tag, const npp_ns_info &n, bool write, u64 slba, u32 blocks,
		     u8 *data);
	u16 run(IoQueue &q, u16 tag); // ring, wait, poll
	// Place a flush; the caller rings.
	void submit(IoQueue &q, u16 tag);
	// The fault that admin commands of this opcode will meet.
	fake::CompletionFault &admin_fault(fake::Verb verb, u32 opcode, u32 arg);
	// The fault that commands of queue 1 will meet.
	fake::CompletionFault &io_fault(fake::Verb verb, u32 arg = 0);
	// What the rule says, with health and state as they are.
	npp_timeout_action action_for(npp_poll_result found);
	u32 lost_interrupts = 0;
	static constexpr u16 LOST = 0xfffe;
	static constexpr u32 IO_WAIT_MS = 30000;
};

// One, begun anew with the device; too large for a kernel's stack.
Rig &fresh_rig();
// One whose controller is enabled, and of which nothing else is known.
Rig &enabled_rig();
// One with namespaces whose controller answers admin commands.
Rig &started_rig(u32 version = 0x00010400, u32 nn = 8);

} // namespace test
