// SPDX-License-Identifier: GPL-2.0
// What can be made to go wrong, and whether it did: a fault test that does not
// ask fired() proves nothing.
#pragma once

#include "lang.hpp"

namespace fake
{

constexpr u32 NEVER = 0xffffffff;
constexpr u32 ANY_OPCODE = 0x100;

// What becomes of a completion.
enum class Verb : u8 {
	none,
	drop_interrupt,  // posted without an interrupt
	early_interrupt, // interrupt first, posted @arg ms later without another
	late,            // posted with its interrupt @arg ms later
	never,           // the command is forgotten
	duplicate,       // posted twice
	bad_id,          // an entry with a tag beyond all queues before the true one
	stale_id,        // an entry with another generation before the true one
	bad_phase,       // posted with the wrong phase bit: not to be seen
	error,           // status @arg, and nothing is done
	VERBS
};

struct CompletionFault {
	Verb verb = Verb::none;
	u16 qid = 0;
	u32 opcode = ANY_OPCODE;
	u32 skip = 0;  // so many matching commands are served well first
	u32 times = 1; // how many are hit then
	u32 arg = 0;
	u32 fired = 0;
};

struct Faults {
	// Registers, counted in reads since the reset of the fake.
	u32 gone_at_read = NEVER;  // from this read on all-ones, and no DMA
	u32 ones_at_read = NEVER;  // this read alone is all-ones
	u32 fatal_at_read = NEVER; // CSTS.CFS from this read on; nothing is served
	bool never_ready = false;
	bool never_disabled = false;
	bool never_shut_down = false;
	bool fatal_survives_disable = false;
	u32 first_ready_only = NEVER; // so many enables succeed

	static constexpr u32 COMPLETIONS = 4;
	CompletionFault completion[COMPLETIONS];

	// Called with every page that Identify is about to return, if set.
	void (*edit_page)(u8 cns, u32 nsid, u8 *page) = nullptr;
	// The same for Get Log Page; without it there is no log.
	void (*edit_log)(u8 lid, u8 *page) = nullptr;
	// 64 bits, so that no padding follows the array above: gcc 12 with
	// -ftrivial-auto-var-init, as kernels use it, clears such padding of an
	// automatic object in the wrong place, here CompletionFault::times.
	u64 edited = 0;

	// The first fault that wants the command gets it.
	CompletionFault *match(u16 qid, u8 opcode);
};

} // namespace fake
