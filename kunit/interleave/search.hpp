// SPDX-License-Identifier: GPL-2.0
// Between the models and the search through their states.
#pragma once

#include <nvmepp/types.h>

namespace interleave
{

struct Model;

// What is taken out of, or done to, the order that src/linux keeps.
struct Variant {
	const char *name;
	const Model *model;    // nullptr: queue_model
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
	bool undisabled;   // it cannot: a CPU is on its way down or up; it waits for the handler
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
	bool early_quit;      // the reset stops the timer before it releases the interrupt
	bool begin_unasked;   // polling begins whether or not the queue has an interrupt
	bool weak;            // stores come late to other CPUs, unless something orders them
	bool relaxed;         // the handler reads the flags without acquire
	bool skip_bad;        // entries that fit no request are skipped, as the core does
	bool any_mark;        // the watchdog ends at a mark, whoever has left it
};

// What must never be: a controller that is left in peace sees this only where the driver
// overtakes itself.
constexpr const char *untold =
	"the controller is disabled before the doorbell tells what was taken";

// A state, which is bytes to the search, and the steps out of it.
struct Model {
	const char *const *names; // of those who take steps
	u32 actors;
	void *state; // the current one; it may be replaced by one that lay here before
	unsigned long bytes;

	void (*begin)(const Variant &v); // the state of the beginning

	// One step of an actor. False: it cannot move now. @broken receives what must never
	// happen, if it just did.
	bool (*step)(const Variant &v, u32 who, const char *&broken);

	// Nobody can move any more: is all as it should be then?
	const char *(*check_end)();
};

extern const Model queue_model; // one queue, and all who reap it
extern const Model wake_model;  // who notices a command when everybody has gone to sleep

} // namespace interleave
