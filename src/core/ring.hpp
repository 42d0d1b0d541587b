// SPDX-License-Identifier: GPL-2.0
// The two rings of a queue pair: base specification 2.0, 3.3.1.
#pragma once

#include "barrier.hpp"
#include "queue_entry.hpp"

namespace npp
{

// Producer side.  Never full: there are fewer tags than entries, and a tag is
// free only when its completion, hence its fetch, has been seen.
class SubmissionRing {
public:
	NPP_INLINE void init(void *memory, u16 depth)
	{
		ring = static_cast<Entry *>(memory);
		restart(depth);
	}

	// @depth: at most what there is memory for.
	NPP_INLINE void restart(u16 depth)
	{
		depth0 = depth - 1u;
		tail = 0;
		rung = 0;
	}

	NPP_INLINE Sqe &next() { return ring[tail].any; }
	NPP_INLINE RwSqe &next_rw() { return ring[tail].rw; }

	NPP_INLINE void advance() { tail = tail == depth0 ? 0 : tail + 1; }

	// Is the doorbell behind the ring?
	NPP_INLINE bool unrung() const { return rung != tail; }

	// What the doorbell is to be written with, which counts as written.
	NPP_INLINE u32 take_tail()
	{
		rung = tail;
		return tail;
	}

	// What the doorbell was rung with last.
	NPP_INLINE u32 last_rung() const { return rung; }

private:
	union Entry {
		Sqe any;
		RwSqe rw;
	};

	Entry *ring;
	u32 depth0;
	u32 tail;
	u32 rung;
};

// Consumer side.  An entry is new when its phase bit is the ring's; the ring's
// turns each time round.
class CompletionRing {
public:
	// Where in the ring, how often round: what a reaper moves on, and puts back at its end.
	class Cursor {
	public:
		NPP_INLINE explicit Cursor(const CompletionRing &ring)
			: head(ring.head), phase(ring.phase)
		{
		}

		// True, with the deciding word, if the next entry is new.  Nothing else of
		// the entry, nor of the data, is read before that word.
		NPP_INLINE bool ready(u32 &word) const
		{
			word = head->cid_status.get_once();
			if ((word ^ phase) & cqe::PHASE::mask)
				return false;
			dma_read_barrier();
			return true;
		}

		NPP_INLINE const Cqe &entry() const { return *head; }

	private:
		friend class CompletionRing;

		Cqe *head;
		u32 phase; // of the next entry, in its place
	};

	NPP_INLINE void init(void *memory, u16 depth)
	{
		ring = static_cast<Cqe *>(memory);
		restart(depth);
	}

	// Stale entries must not look new: their phase bits go back to 0.  @depth: at most
	// what there is memory for.
	NPP_INLINE void restart(u16 depth)
	{
		end = ring + depth;
		__builtin_memset(ring, 0, static_cast<unsigned long>(end - ring) * sizeof(Cqe));
		head = ring;
		phase = cqe::PHASE::of(1);
	}

	NPP_INLINE void advance(Cursor &at) const
	{
		if (NPP_UNLIKELY(++at.head == end)) {
			at.head = ring;
			at.phase ^= cqe::PHASE::mask;
		}
	}

	// Has it come round to where it began?
	NPP_INLINE bool is_at(const Cursor &at) const { return head == at.head; }

	NPP_INLINE void go_to(const Cursor &at)
	{
		head = at.head;
		phase = at.phase;
	}

	NPP_INLINE u32 position() const { return static_cast<u32>(head - ring); }

private:
	Cqe *head;
	Cqe *end;
	Cqe *ring;
	u32 phase;
};

} // namespace npp
