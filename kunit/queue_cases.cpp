// SPDX-License-Identifier: GPL-2.0
// The queue pair: submission, completion, and every kind of completion entry
// that must not be believed. The device's side is written here by hand.

#include "corpus.hpp"
#include "rig.hpp"

#include "lang.hpp"

namespace
{

// A queue on memory, with a device that posts what it is told to.
struct Pair {
	npp_dev &dev = fake::fresh_device();
	test::IoQueue q{};
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

Pair &fresh_pair(u16 depth, u16 tags)
{
	alignas(Pair) static u8 storage[sizeof(Pair)];

	return *new (storage) Pair(depth, tags);
}

void queue_is_quiet_at_first()
{
	Pair &p = fresh_pair(8, 7);

	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 0);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev.doorbell_writes, 0);
	EXPECT_EQ(p.q.counts().submitted, 0);
}

void queue_gives_each_command_the_id_it_will_accept()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(3);

	EXPECT_EQ(p.cid_at(0), cid);
	EXPECT_EQ(cid, 1 << 12 | 3);
	p.post(cid, 0x4002, 0xcafe);
	EXPECT(npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.requests[3].completions, 1);
	EXPECT_EQ(p.q.requests[3].status, 0x4002);
	EXPECT_EQ(p.q.requests[3].result, 0xcafe);
	EXPECT_EQ(p.q.counts().submitted, 1);
	EXPECT_EQ(p.q.counts().completed, 1);
	EXPECT_EQ(p.q.counts().bad, 0);
}

void queue_pending_changes_nothing()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(0);

	p.post(cid);
	for (u32 i = 0; i < 3; i++)
		EXPECT(npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.finished, 0);
	EXPECT_EQ(p.q.reap(), 1);
}

void queue_rings_once_for_many_commands()
{
	Pair &p = fresh_pair(8, 7);

	for (u16 tag = 0; tag < 5; tag++)
		p.submit(tag);
	npp_queue_ring(&p.q.queue);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev.doorbell_writes, 1);
	EXPECT_EQ(p.dev.last_doorbell, 8); // the submission queue's
	EXPECT_EQ(p.dev.last_doorbell_value, 5);
}

// All tags through all 16 generations and more, rings wrapping out of step.
void run_rounds(u16 depth, u16 tags, u32 rounds)
{
	Pair &p = fresh_pair(depth, tags);
	u32 at = 0;

	for (u32 round = 0; round < rounds; round++) {
		for (u16 tag = 0; tag < tags; tag++) {
			p.submit(tag);
			EXPECT_EQ(p.cid_at(at), (round + 1) % 16 << 12 | tag);
			p.post(p.cid_at(at));
			at = at + 1 == depth ? 0 : at + 1;
		}
		REQUIRE_EQ(p.q.reap(), tags);
		for (u16 tag = 0; tag < tags; tag++)
			EXPECT_EQ(p.q.requests[tag].completions, 1);
	}
	EXPECT_EQ(p.q.counts().completed, u64{rounds} * tags);
	EXPECT_EQ(p.dev.all_events(), 0);
	EXPECT_EQ(p.q.unexpected, 0);
}

void queue_wraps_at_every_depth()
{
	run_rounds(2, 1, 40);
	run_rounds(3, 2, 40);
	run_rounds(32, 31, 40);
	run_rounds(33, 7, 70);
	run_rounds(4096, 4095, 18);
	run_rounds(65535, 4095, 40); // the rings take any depth
}

void queue_completes_out_of_order()
{
	Pair &p = fresh_pair(16, 15);
	u16 cids[15];

	for (u16 tag = 0; tag < 15; tag++)
		cids[tag] = p.submit(tag);
	for (u32 n = 0; n < 15; n++)
		p.post(cids[(n * 7 + 3) % 15]);
	EXPECT_EQ(p.q.reap(), 15);
	EXPECT_EQ(p.dev.doorbell_writes, 1); // one for all of them
	EXPECT_EQ(p.dev.last_doorbell, 12);  // the completion queue's
	EXPECT_EQ(p.dev.last_doorbell_value, 15);
	for (u16 tag = 0; tag < 15; tag++)
		EXPECT(p.q.done(tag));
}

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
	EXPECT_EQ(p.dev.events[NPP_EVENT_CQE_BAD_TAG].a, 5);
	EXPECT_EQ(p.dev.events[NPP_EVENT_CQE_BAD_TAG].qid, 1);
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
	EXPECT_EQ(p.dev.events[NPP_EVENT_CQE_STALE].a, first);
	EXPECT_EQ(p.dev.events[NPP_EVENT_CQE_STALE].b, second);
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

struct Resubmitter {
	Pair *pair;
	u32 left;
	u32 completions;
};

void complete_and_resubmit(npp_reap &reap, u16 tag, u16, u32)
{
	Resubmitter &r = *static_cast<Resubmitter *>(reap.owner);

	r.completions++;
	if (!r.left)
		return;
	r.left--;
	npp_submit_flush(&r.pair->q.queue, tag, 1);
	r.pair->post(static_cast<u16>((r.pair->q.slots[tag] & 0xf) << 12 | tag));
}

// From nppk_complete() on the tag is the submitter's: even within the reaping,
// and even if the device is so fast that it never ends.
void queue_tag_is_free_within_its_completion()
{
	Pair &p = fresh_pair(8, 1);
	Resubmitter r{&p, 100, 0};
	npp_reap reap{complete_and_resubmit, &r};

	p.post(p.submit(0));
	EXPECT_EQ(npp_queue_reap(&p.q.queue, &reap), 8); // one ring of them
	EXPECT_EQ(r.completions, 8);
	while (npp_queue_reap(&p.q.queue, &reap))
		;
	EXPECT_EQ(r.completions, 101);
	EXPECT_EQ(p.dev.all_events(), 0);
}

void queue_restart_forgets_what_was_in_flight()
{
	Pair &p = fresh_pair(8, 7);
	const u16 old = p.submit(4);

	p.submit(5);
	npp_queue_restart(&p.q.queue);
	EXPECT_EQ(p.q.cancel_all(), 2);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev.doorbell_writes, 0); // nothing left to tell
	p.tail = 0;
	p.phase = 1;
	const u16 young = p.submit(4);
	EXPECT_EQ(young, old + 0x1000); // generations go on
	EXPECT_EQ(p.cid_at(0), young);
	p.post(old); // from before the reset
	p.post(young);
	EXPECT_EQ(p.q.reap(), 2);
	EXPECT_EQ(p.event(NPP_EVENT_CQE_STALE), 1);
	EXPECT(p.q.done(4));
}

void queue_restart_hides_entries_from_before()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(0);

	p.post(cid);
	npp_queue_restart(&p.q.queue);
	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 0);
}

constexpr test::Case cases[] = {
	CASE(queue_is_quiet_at_first),
	CASE(queue_gives_each_command_the_id_it_will_accept),
	CASE(queue_pending_changes_nothing),
	CASE(queue_rings_once_for_many_commands),
	CASE(queue_wraps_at_every_depth),
	CASE(queue_completes_out_of_order),
	CASE(queue_skips_every_bad_id),
	CASE(queue_tag_bound_is_exact),
	CASE(queue_reports_what_a_stale_entry_met),
	CASE(queue_completes_a_duplicate_once),
	CASE(queue_survives_a_full_ring_of_garbage),
	CASE(queue_tag_is_free_within_its_completion),
	CASE(queue_restart_forgets_what_was_in_flight),
	CASE(queue_restart_hides_entries_from_before),
};

} // namespace

constinit const test::Group test::queue_cases = test::group(cases);
