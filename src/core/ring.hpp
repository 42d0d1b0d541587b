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
	NPP_INLINE void init(void *entries, u16 depth)
	{
		ring = static_cast<Sqe *>(entries);
		depth0 = static_cast<u16>(depth - 1);
		restart();
	}

	NPP_INLINE void restart()
	{
		tail = 0;
		rung = 0;
	}

	NPP_INLINE Sqe &next() { return ring[tail]; }

	NPP_INLINE void advance() { tail = tail == depth0 ? u16{0} : static_cast<u16>(tail + 1); }

	// Is there something the doorbell has not told?  Then it is told now.
	NPP_INLINE bool take_unrung(u16 &value)
	{
		if (rung == tail)
			return false;
		rung = tail;
		value = tail;
		return true;
	}

private:
	Sqe *ring;
	u16 depth0;
	u16 tail;
	u16 rung;
};

// Consumer side.  An entry is new when its phase bit is the ring's; the ring's
// turns each time round.
class CompletionRing {
public:
	NPP_INLINE void init(void *entries, u16 depth)
	{
		ring = static_cast<Cqe *>(entries);
		depth0 = static_cast<u16>(depth - 1);
		restart();
	}

	// Stale entries must not look new: their phase bits go back to 0.
	NPP_INLINE void restart()
	{
		for (u32 i = 0; i <= depth0; i++)
			ring[i] = Cqe{};
		head = 0;
		phase = 1;
	}

	// True, with the deciding word, if the next entry is new.  Nothing else of
	// the entry is read before that word (upstream b69e2ef24b7b).
	NPP_INLINE bool ready(u32 &word) const
	{
		word = ring[head].cid_status.get_acquire();
		return cqe::PHASE::get(word) == phase;
	}

	NPP_INLINE const Cqe &entry() const { return ring[head]; }

	NPP_INLINE void advance()
	{
		if (head == depth0) {
			head = 0;
			phase ^= 1;
		} else {
			head = static_cast<u16>(head + 1);
		}
	}

	NPP_INLINE u16 position() const { return head; }
	NPP_INLINE u32 depth() const { return depth0 + 1u; }

private:
	Cqe *ring;
	u32 phase;
	u16 depth0;
	u16 head;
};

} // namespace npp
