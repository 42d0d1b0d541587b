// SPDX-License-Identifier: GPL-2.0
// The fake port: what src/linux/ctrl/os.c is to the kernel, for the tests. There is
// one device at a time; the fake begins anew with every case.
#pragma once

#include "controller.hpp"

#include <nvmepp/core.h>

namespace fake
{

struct EventRecord {
	u32 count;
	u16 qid;
	u64 a, b;
};

constexpr u32 ADMIN_WAIT_MS = 60000;
// Doorbells are addresses that only npp_os_doorbell() may touch.
constexpr u64 DOORBELLS_AT = 0xdead'0000'0000'0000;
constexpr u64 DOORBELL_BYTES = (u64{4} << 15) * 2 * MAX_QUEUES;

} // namespace fake

// The host's side of the admin queue, and all the fakes.
struct npp_dev {
	fake::Bus bus;
	fake::Controller controller;
	fake::EventRecord events[NPP_EVENTS];

	npp_queue admin;
	bool admin_usable;
	u8 *admin_sq, *admin_cq;
	u64 admin_sq_dma, admin_cq_dma;
	u16 *admin_slots;
	u16 admin_next_tag;
	bool admin_busy[NPP_ADMIN_DEPTH];
	u32 admin_lost_interrupts;
	u32 admin_timeouts;
	u32 spurious_interrupts;
	bool sleeping_forbidden;
	u32 doorbell_writes; // of all queues
	u64 last_doorbell;   // its offset from the first
	u32 last_doorbell_value;

	void reset();
	// Memory and, once the controller is enabled, a queue for npp_os_admin().
	void admin_prepare();
	void admin_start(u8 page_shift);
	NPP_INLINE void *sq_doorbell(u16 qid) const { return doorbell(qid * 2u); }
	NPP_INLINE void *cq_doorbell(u16 qid) const { return doorbell(qid * 2u + 1); }

	NPP_INLINE u64 now() const { return controller.now(); }
	// Time passes until an interrupt of @qid is there (true) or @deadline.
	bool wait_interrupt(u16 qid, u64 deadline);
	NPP_INLINE u32 count(npp_event e) const { return events[e].count; }
	u32 all_events() const;

private:
	void *doorbell(u32 index) const;
};

// One reaping: what came of it.
struct npp_reap {
	void (*complete)(npp_reap &reap, u16 tag, u16 status, u64 result);
	void *owner;
};

namespace fake
{
// The device, as new; memory of the one before is gone.
npp_dev &fresh_device();
npp_dev &device();
} // namespace fake
