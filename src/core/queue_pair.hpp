// SPDX-License-Identifier: GPL-2.0
// One submission queue and the completion queue of the same number.
//
// The submission half belongs to the holder of the submission lock, the
// completion half to the queue's reaper.  They share the slots: a tag's slot is
// written by the submitter while the tag is the submitter's, by the reaper while
// it is in flight; handing over is blk-mq's tag allocation.
#pragma once

#include "command_id.hpp"
#include "commands.hpp"
#include "doorbell.hpp"
#include "prp.hpp"
#include "ring.hpp"

namespace npp
{

class QueuePair {
public:
	explicit QueuePair(const npp_queue_config &config);
	void restart(u16 depth);

	// A place in the ring for a command with @tag, to be filled in and submitted.
	NPP_INLINE Sqe &next() { return submissions.next(); }
	NPP_INLINE void submit(Sqe &e, u16 tag)
	{
		e.cid.set(Slot::begin(slots[tag], tag));
		submissions.advance();
		submitted++;
	}

	NPP_INLINE void submit_rw(u16 tag, u64 head, u64 slba, u32 length, u64 dptr1, u64 dptr2)
	{
		const u16 cid = Slot::begin(slots[tag], tag);
		RwSqe &e = submissions.next_rw();

		submissions.advance();
		commands::read_write(e, head, cid, slba, length, dptr1, dptr2);
		submitted++;
	}

	NPP_INLINE void ring()
	{
		if (!submissions.unrung())
			return;
		if (NPP_UNLIKELY(sq_doorbell.has_shadow()))
			ring_by_memory();
		else
			sq_doorbell.write(submissions.take_tail());
	}

	// @buffer: null: only registers.
	NPP_INLINE void use_shadow(void *buffer)
	{
		note_told();
		sq_doorbell.use_shadow(buffer, qid * 2u);
		cq_doorbell.use_shadow(buffer, qid * 2u + 1);
	}

	// Does the register say less than the shadow doorbell?
	NPP_INLINE bool untold() const
	{
		return sq_doorbell.has_shadow() && told != static_cast<u16>(submitted);
	}
	bool ring_again();

	u32 reap(npp_reap *reap);

	NPP_INLINE bool pending() const
	{
		u32 word;

		return CompletionRing::Cursor(completions).ready(word);
	}

	NPP_INLINE void read_counts(npp_queue_counts &c) const
	{
		c.submitted = submitted;
		c.completed = completed;
		c.bad = bad;
	}

	// The id of the command that has, or last had, this tag; for logs.
	NPP_INLINE u16 command_id(u16 tag) const
	{
		return tag < tags ? Slot::last_id(slots[tag], tag) : tag;
	}

	NPP_INLINE u64 taken() const { return completed + bad; }
	NPP_INLINE bool idle() const { return in_flight() == 0; }
	NPP_INLINE u64 in_flight() const { return submitted - (completed + forgotten); }

	NPP_INLINE u64 page_mask() const { return page_bytes0; }

private:
	NPP_INLINE void note_told() { told = static_cast<u16>(submitted); }
	void ring_by_memory();
	void free_by_memory(CompletionRing::Cursor at);
	void complete(npp_reap *reap, u32 word, const Cqe &entry);
	void report_bad(u16 cid);

	// The submitters' cache line, ...
	[[no_unique_address]] SubmissionRing submissions; // it leaves room for a u32
	u32 page_bytes0;                                  // less one
	Doorbell sq_doorbell;
	u64 submitted;
	u16 *slots;
	u32 forgotten; // in flight when the queue was restarted
	u16 told;      // the last bits of submitted when the register was written

	// ... the reaper's ...
	alignas(64) [[no_unique_address]] CompletionRing completions; // for a u32
	u32 tags;
	Doorbell cq_doorbell;
	u64 completed;
	u64 bad;

	// ... and what is for events only.
	alignas(64) npp_dev *dev;
	u16 qid;
};
static_assert(sizeof(QueuePair) == 3 * 64 && alignof(QueuePair) == 64);

} // namespace npp
