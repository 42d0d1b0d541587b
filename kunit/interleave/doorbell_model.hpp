// SPDX-License-Identifier: GPL-2.0
// Shadow doorbells (src/core/doorbell.hpp): a submitter that writes the doorbell and reads the
// event index, a device that writes the event index and reads the doorbell, each of them with
// stores that become visible later than what it reads next, unless a barrier is between.  What
// both have missed, the watchdog rings again (npp_ring_again()).
#pragma once

#include <nvmepp/types.h>

namespace interleave::doorbell
{

struct Variant {
	const char *name;
	const char *violation; // how it has to go wrong; nullptr: it must not
	u8 submissions;
	bool no_barrier;        // in the driver
	bool event_first;       // the driver reads the event index before it writes the doorbell
	bool device_no_barrier; // as in QEMU
	bool watchdog;
	bool always_told; // the driver takes a shadow doorbell for one that was told by register
};

enum Who : u8 { SUBMITTER, STORES, DEVICE, DEVICE_STORES, WATCHDOG, ACTORS };

constexpr const char *missed = "a command is never fetched";

constexpr Variant variants[] = {
	{.name = "shadow_doorbells", .submissions = 4},
	{.name = "shadow_doorbells_without_a_barrier",
	 .violation = missed,
	 .submissions = 2,
	 .no_barrier = true},
	{.name = "shadow_doorbell_written_after_the_event_index_was_read",
	 .violation = missed,
	 .submissions = 2,
	 .event_first = true},
	{.name = "shadow_doorbells_of_a_device_without_a_barrier",
	 .violation = missed,
	 .submissions = 2,
	 .device_no_barrier = true},
	{.name = "shadow_doorbells_of_such_a_device_and_the_watchdog",
	 .submissions = 4,
	 .device_no_barrier = true,
	 .watchdog = true},
	{.name = "watchdog_that_does_not_know_what_the_register_says",
	 .violation = missed,
	 .submissions = 2,
	 .device_no_barrier = true,
	 .watchdog = true,
	 .always_told = true},
};

// As in search.hpp.
void begin(const Variant &v);
bool step(const Variant &v, u8 who, const char *&broken);
const char *check_end(const Variant &v);
extern void *const state;
extern const unsigned long state_bytes;

} // namespace interleave::doorbell
