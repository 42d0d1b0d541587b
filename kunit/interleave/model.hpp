// SPDX-License-Identifier: GPL-2.0
// One queue, and all who may be at its completions at the same time, as a state
// and the steps out of it. The rings' and the slots' own code is the core's; what
// src/linux does around it (irq.c, fallback_poll.c, bring_up.c, reset.c) is written here
// once more, cut into steps between which anybody else may run.
#pragma once

#include "search.hpp"

#include "command_id.hpp"
#include "ring.hpp"

namespace interleave
{

constexpr u32 DEPTH = 3;
constexpr u32 TAGS = 2;
constexpr u32 LINES = 2;    // interrupt numbers; a reset changes from one to the other
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
	u8 ending; // of the batch: bit = tag
};

struct Actor {
	Reaper reaper;
	u8 at;
	u8 line;
	u8 locked; // the handler: it takes the poll lock
	u8 batch;  // who polls a poll queue: what he has gathered; bit = tag
};

// All of it is compared as bytes: begin() zeroes the padding.
struct State {
	npp::Cqe cq[4]; // DEPTH of them
	npp::CompletionRing ring;
	u16 slots[TAGS];
	Command commands[TAGS];
	Request requests[TAGS];
	Line lines[LINES];
	Actor actors[ACTORS];
	u32 device_phase;
	u8 device_tail, device_head, device_enabled;
	u8 irq, irq_live, fallback_poll, irqdisable_poll, timer_wanted;
	u8 pollable;            // a poll queue, and no reset owns it
	u8 irq_lock, poll_lock; // 0, or the owner's number plus one
	u8 one_by_one;          // q->reap: who reaps ends each by itself
	u8 batch;               // q->reap: gathered to be ended at once; bit = tag
	u8 quiesced, resetting;
	u8 submissions_left, resets_left, drops_left, mode_changes_left, forced_left;
};

} // namespace interleave
