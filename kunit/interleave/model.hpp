// SPDX-License-Identifier: GPL-2.0
// One queue, and all that may reap its completions at the same time, as a state
// and the steps out of it. The rings' and the slots' own code is the core's; what
// src/linux does around it (irq.c, poll_queue.c, fallback_poll.c, tear_down.c, io_queues.c)
// is written here once more, cut into steps between which any other actor may run.
#pragma once

#include "search.hpp"

#include "command_id.hpp"
#include "ring.hpp"

namespace interleave
{

constexpr u32 DEPTH = 3;
constexpr u32 TAGS = 2;
constexpr u32 LINES = 2;    // interrupt numbers; sleep changes from one to the other
constexpr u32 TIMEOUTS = 2; // say, the timeout handlers of two disks

struct Line {
	u8 exists, requested, depth, running, pending;
};

struct Command {
	u16 cid;
	u8 known; // to the device, and not answered
};

struct Request {
	u8 in_flight; // to blk-mq: not completed
	u8 gathered;  // completed, and in the queue's batch: its tag is not free yet
};

// A place in the ring, or nowhere.
struct MaybeCursor {
	alignas(npp::CompletionRing::Cursor) u8 bytes[sizeof(npp::CompletionRing::Cursor)];
};

// A reaping that has begun.
struct Reaper {
	MaybeCursor place;
	u32 word;
	u8 at;
	u8 taken;
	u8 ending;   // of the batch: bit = tag
	u8 handler;  // it is the interrupt's: the others' stores may come late to it
	u8 unsynced; // and it has read nothing that makes it see them
};

// What the ring and the slots looked like before any other than a handler changed them:
// where a CPU's stores come late to another, that one may see them still.
struct Stale {
	npp::CompletionRing ring;
	u16 slots[TAGS];
	u8 visible;   // these, not yet the new ones
	u8 published; // the kernel's lock of the interrupt has been released since
};

struct Actor {
	Reaper reaper;
	u8 at;
	u8 line;
	u8 locked; // the handler: it takes the poll lock
	u8 begins; // the mode: it changes to polling by timer
	u8 batch;  // a poller of a poll queue: what it has gathered; bit = tag
};

// All of it is compared as bytes: begin() zeroes the padding.
struct State {
	npp::Cqe cq[4]; // DEPTH of them
	npp::CompletionRing ring;
	u16 slots[TAGS];
	Stale stale;
	Command commands[TAGS];
	Request requests[TAGS];
	Line lines[LINES];
	Actor actors[ACTORS];
	u32 device_phase;
	u8 device_tail, device_head, device_enabled;
	u8 depth; // of the rings: DEPTH at most
	u8 irq;   // the requested line; LINES: none
	u8 fallback_poll, irqdisable_poll, offline, timer_wanted;
	u8 health_lock, irq_lock, poll_lock; // 0, or the owner's number plus one
	u8 one_by_one;                       // q->reap: each request is ended by itself
	u8 batch;                            // q->reap: gathered to be ended at once; bit = tag
	u8 quiesced, resetting;
	u8 submissions_left, resets_left, drops_left, mode_changes_left, forced_left;
};

} // namespace interleave
