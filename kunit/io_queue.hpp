// SPDX-License-Identifier: GPL-2.0
// An I/O queue as src/linux keeps one, in small: memory, requests that are
// counted, the handler, the poll.
#pragma once

#include "fake/os.hpp"

namespace test
{

constexpr u16 CANCELLED = 0xffff; // no NVMe status has bit 15

struct Request {
	bool in_flight;
	u32 completions; // since it was last submitted
	u16 status;
	u64 result;
};

// A read or write.
struct Transfer {
	u64 slba;
	u64 addr;           // where prp is null
	const npp_prp *prp; // null: bytes from addr, at most two pages, or an SGL
	u32 bytes;
	u32 nsid;
	u32 blocks;
	bool write;
	bool fua;
	bool sgl;
};

struct IoQueue {
	npp_queue queue;
	npp_dev *dev;
	u8 *sq, *cq;
	u64 sq_dma, cq_dma;
	u16 *slots;
	Request *requests;
	u16 qid, depth, tags;
	u32 unexpected; // completions for what was not in flight
	u32 finished;

	// Memory, bus addresses and npp_queue_init().
	void prepare(npp_dev &d, u16 number, u16 entries, u16 commands, u8 page_shift);
	// Bookkeeping of a submission; the caller calls npp_submit_*().
	void begin(u16 tag);
	void submit(u16 tag, const Transfer &t);
	u32 reap();
	// What the handler does if the interrupt is there; false if it is not.
	bool handle_interrupt();
	// The rule: poll, then report what was found.
	npp_poll_result poll(u16 tag);
	u32 cancel_all();
	NPP_INLINE bool done(u16 tag) const { return requests[tag].completions == 1; }
	npp_queue_counts counts() const;
};

} // namespace test
