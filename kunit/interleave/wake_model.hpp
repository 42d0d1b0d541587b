// SPDX-License-Identifier: GPL-2.0
// A queue that is polled by timer, with a watchdog: both end when nothing is in flight, and
// set q->arm_watchdog for the next submission (blk.c: npp_submitted(); watchdog.c;
// fallback_poll.c).  A submitter has no barrier between its command and its read of that
// mark, so that its stores may become visible later than that read: at the watchdog's next
// tick at the latest.
#pragma once

#include <nvmepp/types.h>

namespace interleave::wake
{

struct Variant {
	const char *name;
	const char *violation; // how it has to go wrong; nullptr: it must not
	u8 submissions;
	bool any_mark; // the watchdog ends at a mark of the timer's, too
};

enum Who : u8 { SUBMITTER, STORES, DEVICE, TIMER, WATCHDOG, ACTORS };

constexpr Variant variants[] = {
	{.name = "wake_marks", .submissions = 2},
	{.name = "watchdog_ends_at_a_mark_of_the_timer",
	 .violation = "a completion is never reaped",
	 .submissions = 2,
	 .any_mark = true},
};

// As in search.hpp.
void begin(const Variant &v);
bool step(const Variant &v, u8 who, const char *&broken);
const char *check_end(const Variant &v);
extern void *const state;
extern const unsigned long state_bytes;

} // namespace interleave::wake
