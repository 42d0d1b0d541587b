// SPDX-License-Identifier: GPL-2.0
// Between the model and the search through its states: variants of the model, who
// can move, and one current state, which is bytes to the search.
#pragma once

#include <nvmepp/types.h>

namespace interleave
{

// What is taken out of, or done to, the order that src/linux keeps.
struct Variant {
	const char *name;
	const char *violation; // how it has to go wrong; nullptr: it must not
	u8 submissions;
	u8 resets;
	u8 forced;       // so often the kernel runs the handler of an interrupt, disabled or not
	bool timer;      // the queue may change to polling by timer, and back
	bool poll_queue; // it has no interrupt: two of those who wait poll, in the handlers' place
	bool one_batch;  // they gather what they take in the queue's batch, and end that
	bool no_poll_lock; // nobody takes it
	bool no_irq_lock;  // timeout handlers do not exclude each other, nor the reset
	bool unannounced; // the timeout handler leaves it to the disabled interrupt to keep out the handler
	bool no_disable;   // the timeout handler does not disable the interrupt
	bool no_wait;      // it does not wait for the running handler
	bool early_enable; // it enables the interrupt before it reaps
	bool reread;       // it asks for the number of the vector again
	bool ignore_live;  // it does not ask whether the interrupt is live, or the queue pollable
	bool no_drain;     // the reset does not wait for timeout handlers
	bool unsaid;       // who looks gathers a batch too, which is nobody's to end
	bool early_unlock; // the timer ends its batch when it has let go of the poll lock
	bool farewell;     // the reset is a removal, which begins when all requests are done
	bool no_finish;    // it does not wait for those who have yet to ring the doorbell
	bool early_cancel; // the reset cancels before it disables the controller
	bool no_pending_reap; // it does not look once more
	bool careless_mode;   // the mode changes with the interrupt enabled
	bool timer_stays;     // polling ends before the timer has
	bool skip_bad;        // entries that fit no request are skipped, as the core does
};

enum Who : u8 {
	DEVICE,
	OTHER_FIRST,
	SUBMITTER,
	HANDLER0, // of a poll queue: those who poll
	HANDLER1,
	TIMEOUT0,
	TIMEOUT1,
	TIMER,
	MODE,
	RESET,
	DROP,
	ACTORS
};

// The state of the beginning.
void begin(const Variant &v);

// One step of @who. False: it cannot move now. @broken receives what must never
// happen, if it just did.
bool step(const Variant &v, Who who, const char *&broken);

// What a controller that is left in peace must not see.
constexpr const char *untold =
	"the controller is disabled before the doorbell tells what was taken";

// Nobody can move any more: is all as it should be then?
const char *check_end();

// The current state; it may be replaced by one that lay here before.
extern void *const state;
extern const unsigned long state_bytes;

} // namespace interleave
