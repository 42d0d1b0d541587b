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
	u8 forced;            // so often the handler runs without an interrupt, disabled or not
	bool timer;           // the queue may change to polling by timer, and back
	bool poll_queue;      // it has no interrupt: two pollers, in the handlers' place
	bool sleep;           // the reset is a pause for sleep, which releases the interrupt
	bool shorter;         // after the reset the rings have an entry less
	bool removal;         // the reset is a removal, which begins when all requests are done
	bool one_batch;       // pollers gather what they take in the queue's batch, and end that
	bool no_poll_lock;    // it is not taken
	bool no_irq_lock;     // timeout handlers do not exclude each other, nor the reset
	bool unannounced;     // the timeout handler relies on the disabled interrupt alone
	bool no_disable;      // the timeout handler does not disable the interrupt
	bool undisabled;      // it cannot: a CPU is on its way down or up; it waits for the handler
	bool no_wait;         // it does not wait for the running handler
	bool early_enable;    // it enables the interrupt before it reaps
	bool reread;          // it reads the number of the vector again
	bool blind_poll;      // a poll does not check whether the queue is offline
	bool blind_handler;   // a handler does not
	bool unlocked_check;  // a poller checks it before it takes the poll lock
	bool no_offline;      // the reset does not take the queue offline
	bool no_offline_wait; // it does not wait for the handler that has not seen it
	bool no_offline_lock; // it does not take the poll lock to say so
	bool late_offline;    // it does so after the last reap
	bool early_online;    // the queue is online before its rings are empty
	bool no_drain;        // the reset does not wait for timeout handlers
	bool unsaid;          // a poll gathers a batch too, and does not end it
	bool early_unlock;    // the timer ends its batch after it has released the poll lock
	bool no_finish;       // the teardown does not wait for those who have yet to ring
	bool early_cancel;    // the reset cancels before it disables the controller
	bool no_pending_reap; // it does not poll once more
	bool careless_mode;   // the mode changes without waiting for the handler
	bool timer_stays;     // polling ends before the timer has
	bool early_quit;      // the reset stops the timer before the queue is offline
	bool begin_unasked;   // polling begins whether or not the queue is offline
	bool weak;            // stores come late to other CPUs, unless something orders them
	bool relaxed;         // the handler reads the flags without acquire
	bool unwatched_rings; // rings that are cleared under a reaper are passed over: what follows?
	bool skip_bad;        // entries that fit no request are skipped, as the core does
};

enum Who : u8 {
	DEVICE,
	OTHER_FIRST,
	SUBMITTER,
	HANDLER0, // of a poll queue: the pollers
	HANDLER1,
	TIMEOUT0,
	TIMEOUT1,
	TIMER,
	MODE,
	RESET,
	DROP,
	STORES,
	ACTORS
};

// variants.cpp
extern const Variant variants[];
extern const u32 variant_count;

// The state of the beginning.
void begin(const Variant &v);

// One step of @who. False: it cannot move now. @broken receives what must never
// happen, if it just did.
bool step(const Variant &v, Who who, const char *&broken);

// What an idle controller must not see.
constexpr const char *untold =
	"the controller is disabled before the doorbell says what was reaped";

// No thread can move: is all as it should be then?
const char *check_end();

// The current state; it may be replaced by one that lay here before.
extern void *const state;
extern const unsigned long state_bytes;

} // namespace interleave
