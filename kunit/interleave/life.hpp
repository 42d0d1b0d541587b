// SPDX-License-Identifier: GPL-2.0
// A controller's life: the reset worker, and all that request a change of its state at
// the same time.  The state machine and the limits are the core's; what src/linux does
// around them (state.c, steps.c, reset.c, pci.c, pm.c, err_handler.c, timeout.c) is written
// here once more, as scripts of steps between which any other actor may run.
#pragma once

#include <nvmepp/controller.h>
#include <nvmepp/ctrl_state.h>
#include <nvmepp/reconnect.h>

namespace interleave::life
{

// Who takes part, and what is taken out of the order that src/linux keeps.
struct Variant {
	const char *name;
	const char *violation; // how it has to go wrong; nullptr: it must not
	u8 requests = 1;       // of I/O, REQUESTS at most
	u8 swallows = 0;       // so many commands the device never answers
	u8 outages = 0;        // so often it ceases to answer, and answers again
	u8 user_resets = 0;
	u8 seconds = 0;          // for which time passes from the first failed attempt on
	bool mute = false;       // an outage does not end
	bool unplugged = false;  // the device may be pulled
	bool no_timeout = false; // I/O never times out
	bool suspends = false;   // and resumes
	bool resets_function = false;
	bool pci_error = false; // recovery from one, which ends when hold_work releases
	bool removed = false;
	bool shut_down = false;
	bool limit_changes = false; // ctrl_loss_tmo, to 0
	s32 ctrl_loss_s = NPP_TMO_OFF;
	s32 fast_io_fail_s = NPP_TMO_OFF;

	bool late_queue = false;    // the worker is queued after state_lock is released
	bool late_arm = false;      // it arms its timer after that
	bool early_due = false;     // it decides what is due before it takes the lock
	bool no_flush = false;      // removal does not wait for the worker
	bool no_noio = false;       // removal tears down in the state DELETING
	bool no_wait = false;       // a holder does not wait until the controller is down
	bool no_quiesce = false;    // the worker tears down disks that send
	bool no_sync = false;       // quiescing does not wait for a sender
	bool no_unquiesce = false;  // an attempt that fails leaves I/O waiting
	bool kill_by_state = false; // waiting I/O that fails, and lost disks, are one step
	bool no_bound = false;      // nothing bounds what removal waits for
	bool hold_of_dead = false;  // a hold of a dead controller has no hold_work
	bool no_kick = false;       // a limit that changes does not run the worker
};

enum Who : u8 {
	WORKER,
	ATTEMPT_FAILS, // the worker's other way
	REQUEST0,
	REQUEST1,
	TIMEOUT0,
	TIMEOUT1,
	SWALLOW,
	BREAK,
	REPAIR,
	UNPLUG,
	CLOCK,
	USER,
	SLEEP,
	DRAIN_FAILS, // sleep's and shutdown's other way
	FUNCTION,
	ERROR,
	HOLD_WORK,
	REMOVAL, // or shutdown
	REMOVAL_WORK,
	LIMIT,
	LATE, // queues the worker, where state_lock does not cover that
	ACTORS
};

constexpr u32 REQUESTS = 2;

enum Phase : u8 {
	NEW,     // not submitted yet
	WAITS,   // in blk-mq
	SENDING, // in npp_queue_rq()
	CHECKED, // which has found the queue enabled
	SENT,    // to the controller
	SERVED,
	FAILED
};

struct Request {
	u8 phase;
	u8 swallowed;
	u8 may_fail; // it was unquiesced so that it fails
};

struct Actor {
	u8 at;   // the next step of its script
	u8 kept; // what it has read, or waits for
};

// All of it is compared as bytes: begin() zeroes the padding.
struct State {
	npp_ctrl ctrl;
	npp_reconnect reconnect;
	Actor actors[ACTORS];
	Request requests[REQUESTS];
	s32 ctrl_loss_s;
	u8 clock; // seconds
	// reset_work: queued, or armed for a second; how often it has begun and ended.
	u8 queued, armed, due_at, begun, ended;
	u8 hold_work, removal_work; // queued
	u8 late;                    // times that the worker is still to be queued
	u8 owner;                   // of the hardware: 0, or an actor plus one
	u8 enabled;                 // I/O queues
	u8 irqs;                    // requested
	u8 answers, gone;           // the device
	u8 quiesced, draining;      // the disks
	u8 io_fails;                // they were unquiesced so that their I/O fails
	u8 lost;                    // the disks are to fail, for good
	u8 excused;                 // I/O may have failed
	u8 device_lock;             // 0, or the owner plus one
	u8 sysfs_gone, disks_gone, io_ended, destroyed;
	u8 swallows_left, outages_left, resets_left;
};

// Passed to each step.
struct Turn {
	State &s;
	const Variant &v;
	Actor &a;
	u8 who;
	const char *&broken;
};

// A step: false if it cannot be done now.  The actor goes on with the next one.
using Step = bool (*)(Turn &);

struct Script {
	const Step *steps;
	u8 count;
};

template <u32 N> constexpr Script script(const Step (&steps)[N])
{
	return {steps, N};
}

// life_worker.cpp
bool worker_step(Turn &t);
bool attempt_fails(Turn &t);

// life_io.cpp: requests, their timeouts, the device, time.
bool request_step(Turn &t, u32 number);
bool timeout_step(Turn &t, u32 number);
bool swallow_step(Turn &t);
bool break_step(Turn &t);
bool repair_step(Turn &t);
bool unplug_step(Turn &t);
bool clock_step(Turn &t);
bool is_done(const Request &r);

// Those with a script (life_scripts.hpp), and the two works that help them.
Script script_of(const Variant &v, u8 who);
bool drain_fails(Turn &t);
bool hold_work_step(Turn &t);
bool removal_work_step(Turn &t);

// state.c, steps.c
npp_ctrl_move apply(Turn &t, npp_ctrl_event event, u32 holds = 0);
bool request(Turn &t, npp_ctrl_event event, u32 holds = 0);
void queue_worker(Turn &t);
void arm_worker(Turn &t, u64 wait_ms);
npp_reconnect_limits limits_of(const Turn &t);

inline u64 now_ms(const State &s)
{
	return u64{s.clock} * 1000;
}

// tear_down.c: one teardown, cut in two.
void tear_down_begins(Turn &t);
void tear_down_ends(Turn &t);

// quiesce.c: npp_quiesce_disks(), cut in two: false while a sender or a timeout handler
// is waited for.
void quiesce(State &s);
bool is_quiesced(const Turn &t);
void unquiesce(State &s, bool io_fails);

void begin(const Variant &v);
bool step(const Variant &v, u8 who, const char *&broken);
const char *check_end(const Variant &v);
const char *state_name(); // of the current state

extern const Variant variants[];
extern const u32 variant_count;

extern void *const state;
extern const unsigned long state_bytes;

} // namespace interleave::life
