// SPDX-License-Identifier: GPL-2.0
// A queue pair whose device is played by hand.
#pragma once

#include "io_queue.hpp"
#include "test.hpp"

#include "lang.hpp"

namespace test
{

// A queue on memory, with a device that posts what it is told to.
struct Pair {
	npp_dev &dev = fake::fresh_device();
	IoQueue q{};
	u32 tail = 0;
	u32 phase = 1;

	Pair(u16 depth, u16 tags)
	{
		// The fake controller is off: doorbells are counted and go nowhere.
		q.prepare(dev, 1, depth, tags, 12);
	}

	u16 cid_at(u32 index) const
	{
		u16 cid;

		__builtin_memcpy(&cid, q.sq + index * NPP_SQE_BYTES + 2, sizeof(cid));
		return cid;
	}

	void post(u16 cid, u16 status = 0, u32 result = 0)
	{
		const u32 entry[4] = {result, 0, 0, cid | phase << 16 | u32{status} << 17};

		__builtin_memcpy(q.cq + tail * NPP_CQE_BYTES, entry, sizeof(entry));
		if (++tail == q.depth) {
			tail = 0;
			phase ^= 1;
		}
	}

	u16 submit(u16 tag)
	{
		const u16 cid = static_cast<u16>((q.slots[tag] + 1) << 12 | tag);

		q.begin(tag);
		npp_submit_flush(&q.queue, tag, 1);
		return cid;
	}

	u32 event(npp_event e) const { return dev.count(e); }
};

inline Pair &fresh_pair(u16 depth, u16 tags)
{
	alignas(Pair) static u8 storage[sizeof(Pair)];

	return *new (storage) Pair(depth, tags);
}

} // namespace test
