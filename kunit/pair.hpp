// SPDX-License-Identifier: GPL-2.0
// A queue pair whose device is played by hand.
#pragma once

#include "io_queue.hpp"
#include "test.hpp"

namespace test
{

// A queue on memory, with a device that posts what the test says. The fake
// controller is off: doorbells are counted and go nowhere.
struct Pair {
	npp_dev *dev;
	IoQueue q;
	u32 tail;
	u32 phase;

	u16 cid_at(u32 index) const; // of the submission entry
	void post(u16 cid, u16 status = 0, u64 result = 0);
	u16 submit(u16 tag); // returns the id that will be accepted
	u32 event(npp_event e) const;
};

Pair &fresh_pair(u16 depth, u16 tags);

} // namespace test
