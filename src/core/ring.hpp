// SPDX-License-Identifier: GPL-2.0
// The two rings of a queue pair: base specification 2.0, 3.3.1.
#pragma once

#include "spec.hpp"

namespace npp
{

// Producer side.  Never full: there are fewer tags than entries, and a tag is
// free only when its completion, hence its fetch, has been seen.
class SubmissionRing {
public:
	NPP_INLINE void init(void *memory, u16 depth)
	{
		ring = static_cast<Entry *>(memory);
		depth0 = depth - 1u;
		restart();
	}

	NPP_INLINE void restart()
	{
		tail = 0;
		rung = 0;
	}

	NPP_INLINE Sqe &next() { return ring[tail].any; }
	NPP_INLINE RwSqe &next_rw() { return ring[tail].rw; }

	NPP_INLINE void advance() { tail = tail == depth0 ? 0 : tail + 1; }

	// Is there something the doorbell has not told?  Then it is told now.
	NPP_INLINE bool take_unrung(u32 &value)
	{
		if (rung == tail)
			return false;
		rung = tail;
		value = tail;
		return true;
	}

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
		// the entry is read before that word (upstream b69e2ef24b7b).
		NPP_INLINE bool ready(u32 &word) const
		{
			word = head->cid_status.get_acquire();
			return !((word ^ phase) & cqe::PHASE::mask);
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
		end = ring + depth;
		restart();
	}

	// Stale entries must not look new: their phase bits go back to 0.
	NPP_INLINE void restart()
	{
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
