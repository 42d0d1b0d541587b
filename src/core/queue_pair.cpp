// SPDX-License-Identifier: GPL-2.0
// Submission and completion: see queue_pair.hpp for who may do what.

#include "queue_pair.hpp"

#include "discard.hpp"

namespace npp
{

QueuePair::QueuePair(const npp_queue_config &config)
	: page_bytes0((1u << config.page_shift) - 1), sq_doorbell(config.sq_doorbell), submitted(0),
	  slots(config.slots), forgotten(0), told(0), tags(config.tags),
	  cq_doorbell(config.cq_doorbell), completed(0), bad(0), dev(config.dev), qid(config.qid)
{
	submissions.init(config.sq, config.depth);
	completions.init(config.cq, config.depth);
	for (u16 tag = 0; tag < tags; tag++)
		slots[tag] = Slot::fresh(tag);
}

void QueuePair::restart(u16 depth)
{
	const bool nothing_in_flight = idle();

	use_shadow(nullptr);
	submissions.restart(depth);
	completions.restart(depth);
	if (nothing_in_flight)
		return;
	forgotten = static_cast<u32>(submitted - completed);
	for (u16 tag = 0; tag < tags; tag++)
		Slot::forget(slots[tag], tag);
}

// One ring at most: a device that goes on posting must not keep us here.
NPP_INLINE u32 QueuePair::reap(npp_reap *reap)
{
	CompletionRing::Cursor at(completions);
	u32 taken = 0;
	u32 word;

	while (at.ready(word)) {
		complete(reap, word, at.entry());
		completions.advance(at);
		taken++;
		if (NPP_UNLIKELY(completions.is_at(at)))
			break;
	}
	if (NPP_LIKELY(taken)) {
		if (NPP_UNLIKELY(cq_doorbell.has_shadow())) {
			free_by_memory(at);
		} else {
			completions.go_to(at);
			cq_doorbell.write(completions.position());
		}
	}
	return taken;
}

// Out of line, as the next one: the way without a shadow has no register for what they need.
[[gnu::noinline]] void QueuePair::ring_by_memory()
{
	const u32 was = submissions.last_rung();
	const u32 tail = submissions.take_tail();

	if (!sq_doorbell.wants_write(was, tail))
		return;
	note_told();
	sq_doorbell.write(tail);
}

[[gnu::noinline]] void QueuePair::free_by_memory(CompletionRing::Cursor at)
{
	const u32 was = completions.position();

	completions.go_to(at);
	const u32 now = completions.position();
	if (cq_doorbell.wants_write(was, now))
		cq_doorbell.write(now);
}

bool QueuePair::ring_again()
{
	if (!untold())
		return false;
	note_told();
	sq_doorbell.write(submissions.last_rung());
	return true;
}

NPP_INLINE void QueuePair::complete(npp_reap *reap, u32 word, const Cqe &entry)
{
	const u16 cid = static_cast<u16>(cqe::CID::get(word));
	const u32 tag = CommandId::tag(word);

	if (NPP_UNLIKELY(tag >= tags || !Slot::matches(slots[tag], cid))) {
		report_bad(cid);
		return;
	}
	// Before npp_os_complete(): from then on the tag is the submitter's.
	Slot::end(slots[tag]);
	completed++;
	npp_os_complete(reap, tag, cqe::STATUS::get(word), entry.result.get());
}

// The id is the device's: it has indexed nothing yet that it could not index.
[[gnu::noinline, gnu::cold]] void QueuePair::report_bad(u16 cid)
{
	const u32 tag = CommandId::tag(cid);

	bad++;
	if (tag >= tags)
		npp_os_event(dev, qid, NPP_EVENT_CQE_BAD_TAG, cid, tags);
	else if (!Slot::in_flight(slots[tag], tag))
		npp_os_event(dev, qid, NPP_EVENT_CQE_NOT_IN_FLIGHT, cid, 0);
	else
		npp_os_event(dev, qid, NPP_EVENT_CQE_STALE, cid, slots[tag]);
}

} // namespace npp

using npp::QueuePair;

namespace
{
NPP_INLINE QueuePair &pair(npp_queue *q)
{
	return npp::object_in<QueuePair>(q);
}

NPP_INLINE const QueuePair &pair(const npp_queue *q)
{
	return npp::object_in<QueuePair>(q);
}
} // namespace

extern "C" {

void npp_queue_init(npp_queue *q, const npp_queue_config *config)
{
	new (q) QueuePair(*config);
}

void npp_queue_restart(npp_queue *q, u16 depth)
{
	pair(q).restart(depth);
}

u16 npp_queue_command_id(const npp_queue *q, u16 tag)
{
	return pair(q).command_id(tag);
}

u64 npp_rw_head(u32 nsid, bool write)
{
	return npp::commands::read_write_head(write, nsid);
}

void npp_submit_rw(npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 addr, u32 bytes)
{
	QueuePair &p = pair(q);

	p.submit_rw(tag, head, slba, length, addr, npp::second_page(addr, bytes, p.page_mask()));
}

void npp_submit_rw_prp(npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 prp1, u64 prp2)
{
	pair(q).submit_rw(tag, head, slba, length, prp1, prp2);
}

void npp_submit_rw_sgl(npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 addr, u32 bytes)
{
	pair(q).submit_rw(tag, head | npp::commands::SGL, slba, length, addr,
			  npp::sgl::data_block(bytes));
}

void npp_submit_flush(npp_queue *q, u16 tag, u32 nsid)
{
	npp::Sqe &e = pair(q).next();

	npp::commands::flush(e, nsid);
	pair(q).submit(e, tag);
}

void npp_submit_write_zeroes(npp_queue *q, u16 tag, u32 nsid, u64 slba, u16 blocks0,
			     bool deallocate)
{
	npp::Sqe &e = pair(q).next();

	npp::commands::write_zeroes(e, nsid, slba, blocks0, deallocate);
	pair(q).submit(e, tag);
}

void npp_submit_discard(npp_queue *q, u16 tag, u32 nsid, u64 slba, u32 blocks, void *range,
			u64 range_dma)
{
	QueuePair &p = pair(q);

	npp::set_range(range, 0, slba, blocks);
	// Upstream has met devices that ignore the number of ranges: what they read beyond the
	// page that PRP1 is in, they find at PRP2, where that page begins.
	p.submit_rw(tag, npp::commands::deallocate_head(nsid), npp::commands::deallocate_words(1),
		    0, range_dma, range_dma & ~p.page_mask());
}

void npp_submit_discard_ranges(npp_queue *q, u16 tag, u32 nsid, u32 count, u64 page_dma)
{
	pair(q).submit_rw(tag, npp::commands::deallocate_head(nsid),
			  npp::commands::deallocate_words(count), 0, page_dma, 0);
}

void npp_submit_raw(npp_queue *q, u16 tag, const npp_sqe *sqe)
{
	npp::Sqe &e = pair(q).next();

	// C's copy is aligned to a dword only.
	__builtin_memcpy(&e, sqe, sizeof(e));
	pair(q).submit(e, tag);
}

void npp_queue_ring(npp_queue *q)
{
	pair(q).ring();
}

void npp_queue_use_shadow(npp_queue *q, void *buffer)
{
	pair(q).use_shadow(buffer);
}

bool npp_queue_untold(const npp_queue *q)
{
	return pair(q).untold();
}

bool npp_queue_ring_again(npp_queue *q)
{
	return pair(q).ring_again();
}

u32 npp_queue_reap(npp_queue *q, npp_reap *reap)
{
	return pair(q).reap(reap);
}

bool npp_queue_pending(const npp_queue *q)
{
	return pair(q).pending();
}

u64 npp_queue_taken(const npp_queue *q)
{
	return pair(q).taken();
}

u32 npp_queue_in_flight(const npp_queue *q)
{
	return static_cast<u32>(pair(q).in_flight());
}

bool npp_queue_idle(const npp_queue *q)
{
	return pair(q).idle();
}

void npp_queue_read_counts(const npp_queue *q, npp_queue_counts *counts)
{
	pair(q).read_counts(*counts);
}

} // extern "C"
