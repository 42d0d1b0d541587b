// SPDX-License-Identifier: GPL-2.0
// The two rings by themselves: wrap, phase, and every depth that 16 bits allow.

#include "corpus.hpp"

#include "ring.hpp"

namespace
{

using npp::CompletionRing;
using npp::Cqe;
using npp::Sqe;
using npp::SubmissionRing;

// What a device does to the ring: post the next entry, with its own phase.
class Poster {
public:
	Poster(void *entries, u32 ring_depth) : ring(static_cast<Cqe *>(entries)), depth(ring_depth)
	{
	}

	void post(u16 cid)
	{
		ring[tail].cid_status.set(cid | phase << 16);
		if (++tail == depth) {
			tail = 0;
			phase ^= 1;
		}
	}

private:
	Cqe *ring;
	u32 depth;
	u32 tail = 0;
	u32 phase = 1;
};

constexpr u16 depths[] = {2, 3, 16, 32, 4096, 32768, 65535};

void submission_ring_wraps(u16 depth)
{
	SubmissionRing ring;
	Sqe *entries = static_cast<Sqe *>(test_alloc(u64{depth} * sizeof(Sqe)));

	ring.init(entries, depth);
	EXPECT(!ring.unrung());
	for (u32 n = 0; n < 2u * depth + 1; n++) {
		EXPECT(&ring.next() == &entries[n % depth]);
		ring.advance();
		EXPECT(ring.unrung());
		EXPECT_EQ(ring.last_rung(), n % depth);
		EXPECT_EQ(ring.take_tail(), (n + 1) % depth);
		EXPECT(!ring.unrung());
	}
}

void submission_ring_wraps_at_every_depth()
{
	for (u16 depth : depths)
		submission_ring_wraps(depth);
}

void submission_ring_tells_many_at_once()
{
	SubmissionRing ring;

	ring.init(test_alloc(8 * sizeof(Sqe)), 8);
	for (u32 i = 0; i < 7; i++)
		ring.advance();
	EXPECT(ring.unrung());
	EXPECT_EQ(ring.take_tail(), 7);
	for (u32 i = 0; i < 7; i++)
		ring.advance();
	EXPECT_EQ(ring.take_tail(), 6);
}

void submission_ring_restarts_empty()
{
	SubmissionRing ring;
	Sqe *entries = static_cast<Sqe *>(test_alloc(8 * sizeof(Sqe)));

	ring.init(entries, 8);
	ring.advance();
	ring.restart(8);
	EXPECT(&ring.next() == entries);
	EXPECT(!ring.unrung());
}

// One entry at a time, each put behind at once.
struct Reader : CompletionRing {
	bool ready(u32 &word) const { return Cursor(*this).ready(word); }
	const Cqe &entry() const { return Cursor(*this).entry(); }

	void advance()
	{
		Cursor at(*this);

		CompletionRing::advance(at);
		EXPECT(!is_at(at));
		go_to(at);
		EXPECT(is_at(at));
	}
};

void completion_ring_is_empty_at_first()
{
	Reader ring;
	u8 *entries = static_cast<u8 *>(test_alloc(4 * sizeof(Cqe)));
	u32 word;

	__builtin_memset(entries, 0xff, 4 * sizeof(Cqe)); // memory is what it was
	ring.init(entries, 4);
	EXPECT(!ring.ready(word));
	EXPECT_EQ(ring.position(), 0);
	for (u32 i = 0; i < 4 * sizeof(Cqe); i++)
		EXPECT_EQ(entries[i], 0);
}

// One entry at a time, three times round: the phase turns exactly at the wrap.
void completion_ring_follows(u16 depth)
{
	Reader ring;
	void *entries = test_alloc(u64{depth} * sizeof(Cqe));
	Poster device(entries, depth);
	u32 word;

	ring.init(entries, depth);
	for (u32 n = 0; n < 3u * depth; n++) {
		EXPECT(!ring.ready(word));
		EXPECT_EQ(ring.position(), n % depth);
		device.post(static_cast<u16>(n));
		REQUIRE(ring.ready(word));
		EXPECT_EQ(npp::cqe::CID::get(word), n & 0xffff);
		EXPECT(&ring.entry() == &static_cast<Cqe *>(entries)[n % depth]);
		ring.advance();
	}
	EXPECT(!ring.ready(word));
}

void completion_ring_follows_the_phase_at_every_depth()
{
	for (u16 depth : depths)
		completion_ring_follows(depth);
}

// A full batch (depth - 1, as many as may be outstanding) at every start.
void completion_ring_takes_full_batches_at_every_start()
{
	constexpr u32 depth = 5;
	Reader ring;
	void *entries = test_alloc(depth * sizeof(Cqe));
	Poster device(entries, depth);
	u32 word;

	ring.init(entries, depth);
	for (u32 batch = 0; batch < 4 * depth; batch++) {
		for (u16 i = 0; i < depth - 1; i++)
			device.post(i);
		for (u32 i = 0; i < depth - 1; i++) {
			REQUIRE(ring.ready(word));
			EXPECT_EQ(npp::cqe::CID::get(word), i);
			ring.advance();
		}
		EXPECT(!ring.ready(word));
	}
}

// A reaper that has not put them behind yet sees when it has come round.
void completion_ring_knows_where_a_round_ends()
{
	constexpr u32 depth = 5;
	Reader ring;
	void *entries = test_alloc(depth * sizeof(Cqe));

	ring.init(entries, depth);
	for (u32 start = 0; start < depth; start++) {
		CompletionRing::Cursor at(ring);

		EXPECT(ring.is_at(at));
		for (u32 i = 1; i <= depth; i++) {
			ring.CompletionRing::advance(at);
			EXPECT_EQ(ring.is_at(at), i == depth);
		}
		ring.advance();
	}
}

void completion_ring_restart_forgets_stale_entries()
{
	Reader ring;
	void *entries = test_alloc(4 * sizeof(Cqe));
	Poster device(entries, 4);
	u32 word;

	ring.init(entries, 4);
	for (u16 i = 0; i < 3; i++)
		device.post(i); // phase 1, never taken
	ring.restart(4);
	EXPECT(!ring.ready(word));
	EXPECT_EQ(ring.position(), 0);

	Poster again(entries, 4);
	again.post(7);
	EXPECT(ring.ready(word));
	EXPECT_EQ(npp::cqe::CID::get(word), 7);
}

void completion_ring_restart_resets_a_turned_phase()
{
	Reader ring;
	void *entries = test_alloc(4 * sizeof(Cqe));
	Poster device(entries, 4);
	u32 word;

	ring.init(entries, 4);
	for (u16 i = 0; i < 6; i++) {
		device.post(i);
		ring.advance();
	}
	ring.restart(4);
	EXPECT(!ring.ready(word));
	Poster again(entries, 4);
	again.post(1);
	EXPECT(ring.ready(word));
}

constexpr test::Case cases[] = {
	CASE(submission_ring_wraps_at_every_depth),
	CASE(submission_ring_tells_many_at_once),
	CASE(submission_ring_restarts_empty),
	CASE(completion_ring_is_empty_at_first),
	CASE(completion_ring_follows_the_phase_at_every_depth),
	CASE(completion_ring_takes_full_batches_at_every_start),
	CASE(completion_ring_knows_where_a_round_ends),
	CASE(completion_ring_restart_forgets_stale_entries),
	CASE(completion_ring_restart_resets_a_turned_phase),
};

} // namespace

constinit const test::Group test::ring_cases = test::group(cases);
