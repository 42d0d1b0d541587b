// SPDX-License-Identifier: GPL-2.0
// Fuzz target: a completion queue whose memory belongs to the fuzzer, entry by
// entry, head and phase included, while commands come and go. A second, plainer
// reaper says what has to come of it.

#include "fuzzing.hpp"
#include "io_queue.hpp"

namespace
{

using test::IoQueue;

constexpr u32 MAX_DEPTH = 33;

// What the other reaper knows: ids in flight, head, phase, and the memory.
struct Model {
	bool in_flight[MAX_DEPTH];
	u16 cid[MAX_DEPTH];
	u32 head;
	u32 phase;
	u32 completed, bad, submitted;
};

struct Bench {
	IoQueue q;
	Model m;
	u32 sq_tail;
};

Bench bench;

u32 word_at(u32 index)
{
	u32 word;

	__builtin_memcpy(&word, bench.q.cq + index * NPP_CQE_BYTES + 12, sizeof(word));
	return word;
}

void submit(u16 tag)
{
	Model &m = bench.m;
	u16 cid;

	if (m.in_flight[tag])
		return;
	bench.q.begin(tag);
	npp_submit_flush(&bench.q.queue, tag, 1);
	__builtin_memcpy(&cid, bench.q.sq + bench.sq_tail * NPP_SQE_BYTES + 2, sizeof(cid));
	bench.sq_tail = (bench.sq_tail + 1) % bench.q.depth;
	MUST((cid & 0xfff) == tag);
	MUST(cid != m.cid[tag]); // not the one before
	m.cid[tag] = cid;
	m.in_flight[tag] = true;
	m.submitted++;
}

void reap_both()
{
	Model &m = bench.m;
	u32 taken = 0;

	for (; taken < bench.q.depth && (word_at(m.head) >> 16 & 1) == m.phase; taken++) {
		const u16 cid = static_cast<u16>(word_at(m.head));
		bool known = false;

		for (u32 tag = 0; tag < bench.q.tags; tag++) {
			if (!m.in_flight[tag] || m.cid[tag] != cid)
				continue;
			m.in_flight[tag] = false;
			known = true;
		}
		(known ? m.completed : m.bad)++;
		m.head = (m.head + 1) % bench.q.depth;
		m.phase ^= !m.head;
	}
	MUST(npp_queue_pending(&bench.q.queue) == (taken != 0));
	MUST(bench.q.reap() == taken);
	for (u32 tag = 0; tag < bench.q.tags; tag++)
		MUST(bench.q.requests[tag].in_flight == m.in_flight[tag]);
}

void check_counts()
{
	const npp_queue_counts c = bench.q.counts();

	MUST(c.submitted == bench.m.submitted);
	MUST(c.completed == bench.m.completed && c.bad == bench.m.bad);
	MUST(bench.q.finished == bench.m.completed && !bench.q.unexpected);
	MUST(npp_queue_taken(&bench.q.queue) == u64{bench.m.completed} + bench.m.bad);
}

void restart()
{
	npp_queue_restart(&bench.q.queue, bench.q.depth);
	bench.q.cancel_all();
	for (bool &b : bench.m.in_flight)
		b = false;
	bench.m.head = 0;
	bench.m.phase = 1;
	bench.sq_tail = 0;
	MUST(npp_queue_idle(&bench.q.queue));
}

// A right answer for a tag at the place where one is expected, so that the fuzzer
// need not guess ids.
void answer(u16 tag, u32 place, u32 flips)
{
	const u32 index = (bench.m.head + place) % bench.q.depth;
	const u32 phase = bench.m.phase ^ (bench.m.head + place >= bench.q.depth);
	const u32 word = (bench.m.cid[tag] | phase << 16) ^ flips;

	__builtin_memcpy(bench.q.cq + index * NPP_CQE_BYTES + 12, &word, sizeof(word));
}

void step(fuzzing::Input &in)
{
	switch (in.below(8)) {
	case 0:
		submit(static_cast<u16>(in.below(bench.q.tags)));
		break;
	case 1:
		for (u16 tag = 0; tag < bench.q.tags; tag++)
			submit(tag);
		break;
	case 2:
		in.fill(bench.q.cq + in.below(bench.q.depth) * NPP_CQE_BYTES, NPP_CQE_BYTES);
		break;
	case 3: {
		const u16 tag = static_cast<u16>(in.below(bench.q.tags));

		answer(tag, in.below(4), 0);
		break;
	}
	case 4: {
		const u16 tag = static_cast<u16>(in.below(bench.q.tags));
		const u32 place = in.below(4);

		answer(tag, place, 1u << in.below(32)); // one bit off
		break;
	}
	case 5:
	case 6:
		reap_both();
		break;
	case 7:
		if (in.below(4) == 0)
			restart();
		break;
	}
	check_counts();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8 *data, unsigned long size)
{
	fuzzing::Input in(data, size);
	const u16 depth = static_cast<u16>(2 + in.below(MAX_DEPTH - 1));
	const u16 tags = static_cast<u16>(1 + in.below(depth - 1u));

	bench = Bench{};
	bench.m.phase = 1;
	bench.q.prepare(fake::fresh_device(), 1, depth, tags, 12);
	while (!in.empty())
		step(in);
	return 0;
}
