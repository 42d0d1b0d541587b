// SPDX-License-Identifier: GPL-2.0
// The queue pair: submission and completion, wrap, restart.

#include "corpus.hpp"
#include "pair.hpp"

namespace
{

using test::fresh_pair;
using test::Pair;

void queue_is_quiet_at_first()
{
	Pair &p = fresh_pair(8, 7);

	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 0);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev->doorbell_writes, 0);
	EXPECT_EQ(p.q.counts().submitted, 0);
}

void queue_gives_each_command_the_id_it_will_accept()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(3);

	EXPECT_EQ(p.cid_at(0), cid);
	EXPECT_EQ(cid, 1 << 12 | 3);
	p.post(cid, 0x4002, 0xcafe'1234'5678'beef);
	EXPECT(npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT(!npp_queue_pending(&p.q.queue));
	EXPECT_EQ(p.q.requests[3].completions, 1);
	EXPECT_EQ(p.q.requests[3].status, 0x4002);
	EXPECT_EQ(p.q.requests[3].result, 0xcafe'1234'5678'beef);
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

void queue_knows_whether_it_is_idle()
{
	Pair &p = fresh_pair(8, 7);

	EXPECT(npp_queue_idle(&p.q.queue));
	const u16 first = p.submit(0), second = p.submit(1);
	EXPECT(!npp_queue_idle(&p.q.queue));
	EXPECT_EQ(npp_queue_taken(&p.q.queue), 0);
	p.post(first);
	p.post(0xffff);
	p.q.reap();
	EXPECT(!npp_queue_idle(&p.q.queue));
	EXPECT_EQ(npp_queue_taken(&p.q.queue), 2); // bad ones included
	p.post(second);
	p.q.reap();
	EXPECT(npp_queue_idle(&p.q.queue));
	EXPECT_EQ(npp_queue_taken(&p.q.queue), 3);
}

// What a reset has cancelled is not in flight any more.
void queue_is_idle_after_a_restart()
{
	Pair &p = fresh_pair(8, 7);

	p.submit(0);
	p.submit(1);
	npp_queue_restart(&p.q.queue, p.q.depth);
	EXPECT(npp_queue_idle(&p.q.queue));
}

// Logs say the id of a command also when it has just ended, or for a tag that is none.
void queue_tells_command_ids_for_logs()
{
	Pair &p = fresh_pair(8, 7);
	const u16 cid = p.submit(3);

	EXPECT_EQ(npp_queue_command_id(&p.q.queue, 3), cid);
	p.post(cid);
	EXPECT_EQ(p.q.reap(), 1);
	EXPECT_EQ(npp_queue_command_id(&p.q.queue, 3), cid);
	EXPECT_EQ(npp_queue_command_id(&p.q.queue, 7), 7);
}

// A controller that has become smaller: both rings wrap where the shorter ones end.
void queue_restarts_with_fewer_entries()
{
	Pair &p = fresh_pair(8, 7);

	npp_queue_restart(&p.q.queue, 4);
	p.q.depth = 4;
	for (u32 round = 0; round < 9; round++) {
		const u16 cid = p.submit(2);

		EXPECT_EQ(p.cid_at(round % 4), cid);
		p.post(cid);
		EXPECT_EQ(p.q.reap(), 1);
		EXPECT(p.q.done(2));
	}
}

void queue_rings_once_for_many_commands()
{
	Pair &p = fresh_pair(8, 7);

	for (u16 tag = 0; tag < 5; tag++)
		p.submit(tag);
	npp_queue_ring(&p.q.queue);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev->doorbell_writes, 1);
	EXPECT_EQ(p.dev->last_doorbell, 8); // the submission queue's
	EXPECT_EQ(p.dev->last_doorbell_value, 5);
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
	EXPECT_EQ(p.dev->all_events(), 0);
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
	EXPECT_EQ(p.dev->doorbell_writes, 1); // one for all of them
	EXPECT_EQ(p.dev->last_doorbell, 12);  // the completion queue's
	EXPECT_EQ(p.dev->last_doorbell_value, 15);
	for (u16 tag = 0; tag < 15; tag++)
		EXPECT(p.q.done(tag));
}

struct Resubmitter {
	Pair *pair;
	u32 left;
	u32 completions;
};

void complete_and_resubmit(npp_reap &reap, u16 tag, u16, u64)
{
	Resubmitter &r = *static_cast<Resubmitter *>(reap.owner);

	r.completions++;
	if (!r.left)
		return;
	r.left--;
	npp_submit_flush(&r.pair->q.queue, tag, 1);
	r.pair->post(static_cast<u16>((r.pair->q.slots[tag] & 0xf000) | tag));
}

// From npp_os_complete() on the tag is the submitter's: even within the reaping,
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
	EXPECT_EQ(p.dev->all_events(), 0);
}

void queue_restart_forgets_what_was_in_flight()
{
	Pair &p = fresh_pair(8, 7);
	const u16 old = p.submit(4);

	p.submit(5);
	npp_queue_restart(&p.q.queue, p.q.depth);
	EXPECT_EQ(p.q.cancel_all(), 2);
	npp_queue_ring(&p.q.queue);
	EXPECT_EQ(p.dev->doorbell_writes, 0); // nothing left to ring for
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

constexpr test::Case cases[] = {
	CASE(queue_is_quiet_at_first),
	CASE(queue_gives_each_command_the_id_it_will_accept),
	CASE(queue_pending_changes_nothing),
	CASE(queue_knows_whether_it_is_idle),
	CASE(queue_is_idle_after_a_restart),
	CASE(queue_tells_command_ids_for_logs),
	CASE(queue_restarts_with_fewer_entries),
	CASE(queue_rings_once_for_many_commands),
	CASE(queue_wraps_at_every_depth),
	CASE(queue_completes_out_of_order),
	CASE(queue_tag_is_free_within_its_completion),
	CASE(queue_restart_forgets_what_was_in_flight),
};

} // namespace

constinit const test::Group test::queue_cases = test::group(cases);
