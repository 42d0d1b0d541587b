// SPDX-License-Identifier: GPL-2.0
// See pair.hpp.

#include "pair.hpp"

namespace test
{

Pair &fresh_pair(u16 depth, u16 tags)
{
	static constinit Pair pair{};

	pair = Pair{};
	pair.dev = &fake::fresh_device();
	pair.phase = 1;
	pair.q.prepare(*pair.dev, 1, depth, tags, 12);
	return pair;
}

u16 Pair::cid_at(u32 index) const
{
	u16 cid;

	__builtin_memcpy(&cid, q.sq + index * NPP_SQE_BYTES + 2, sizeof(cid));
	return cid;
}

void Pair::post(u16 cid, u16 status, u64 result)
{
	const u32 entry[4] = {static_cast<u32>(result), static_cast<u32>(result >> 32), 0,
			      cid | phase << 16 | u32{status} << 17};

	__builtin_memcpy(q.cq + tail * NPP_CQE_BYTES, entry, sizeof(entry));
	if (++tail == q.depth) {
		tail = 0;
		phase ^= 1;
	}
}

u16 Pair::submit(u16 tag)
{
	const u16 cid = static_cast<u16>((q.slots[tag] & 0xf000) + 0x1000 + tag);

	q.begin(tag);
	npp_submit_flush(&q.queue, tag, 1);
	return cid;
}

u32 Pair::event(npp_event e) const
{
	return dev->count(e);
}

} // namespace test
