// SPDX-License-Identifier: GPL-2.0
// Every kind of completion entry that must not be believed.

#include "corpus.hpp"
#include "pair.hpp"

namespace
{

using test::fresh_pair;
using test::Pair;

// Every one of the 65536 ids, one command in flight: only its own completes it.
void queue_skips_every_bad_id()
{
	constexpr u16 tag = 5, tags = 7;
	Pair &p = fresh_pair(8, tags);
	u32 bad_tag = 0, idle = 0, stale = 0;
	const u16 own = p.submit(tag);

	for (u32 id = 0; id < 65536; id++) {
		if (id == own)
			continue;
		p.post(static_cast<u16>(id));
		EXPECT_EQ(p.q.reap(), 1);
		const u32 hit = id & 0xfff;
		(hit >= tags ? bad_tag : hit == tag ? stale : idle)++;
	}
	EXPECT_EQ(p.q.finished, 0);
	EXPECT_EQ(p.q.counts().bad, 65535);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_BAD_TAG), bad_tag);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_NOT_IN_FLIGHT), idle);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_STALE), stale);
	EXPECT_EQ(stale, 15);
	p.post(own);
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT(p.q.done(tag));
}

void queue_tag_bound_is_exact()
{
	Pair &p = fresh_pair(8, 5);

	p.post(4);
	p.post(5);
	EXPECT_EQ(p.q.reap(), 2);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_NOT_IN_FLIGHT), 1);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_BAD_TAG), 1);
	EXPECT_EQ(p.dev->events[NPP_EVENT_CQE_BAD_TAG].a, 5);
	EXPECT_EQ(p.dev->events[NPP_EVENT_CQE_BAD_TAG].qid, 1);
}

void queue_reports_what_a_stale_entry_met()
{
	Pair &p = fresh_pair(8, 7);
	const u16 first = p.submit(2);

	p.post(first);
	p.q.reap();
	const u16 second = p.submit(2);
	p.post(first); // once more, now that the tag is in use again
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_STALE), 1);
	EXPECT_EQ(p.dev->events[NPP_EVENT_CQE_STALE].a, first);
	EXPECT_EQ(p.dev->events[NPP_EVENT_CQE_STALE].b, second);
	EXPECT(p.q.requests[2].in_flight);
}

void queue_completes_a_duplicate_once()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(2);

	p.post(cid);
	p.post(cid);
	EXPECT_EQ(p.q.reap(), 2);
	EXPECT_EQ(p.q.requests[2].completions, 1);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_NOT_IN_FLIGHT), 1);
	EXPECT_EQ(p.q.counts().bad, 1);
}

// More than can be in flight: a broken device fills the ring to the last entry.
void queue_survives_a_full_ring_of_garbage()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(0);

	for (u32 i = 0; i < 8; i++)
		p.post(0xffff);
	EXPECT_EQ(p.q.reap(), 8);
	EXPECT_EQ(p.q.reap(), 0);
	p.post(cid);
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT(p.q.done(0));
}

void queue_restart_hides_entries_from_before()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(0);

	p.post(cid);
	npp_queue_restart(&p.q.queue, p.q.depth);
	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 0);
}

// Late completions of all that a reset has forgotten: none is believed.
void queue_restart_forgets_every_tag()
{
	Pair &p = fresh_pair(8, 7);
	u16 cids[7];

	for (u16 tag = 0; tag < 7; tag++)
		cids[tag] = p.submit(tag);
	npp_queue_restart(&p.q.queue, p.q.depth);
	for (u16 cid : cids)
		p.post(cid);
	EXPECT_EQ(p.q.reap(), 7);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_NOT_IN_FLIGHT), 7);
	EXPECT_EQ(p.q.finished, 0);
}

constexpr test::Case cases[] = {
	CASE(queue_skips_every_bad_id),
	CASE(queue_tag_bound_is_exact),
	CASE(queue_reports_what_a_stale_entry_met),
	CASE(queue_completes_a_duplicate_once),
	CASE(queue_survives_a_full_ring_of_garbage),
	CASE(queue_restart_forgets_every_tag),
	CASE(queue_restart_hides_entries_from_before),
};

} // namespace

constinit const test::Group test::bad_completion_cases = test::group(cases);
