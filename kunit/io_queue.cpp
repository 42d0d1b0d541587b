// SPDX-License-Identifier: GPL-2.0
// See io_queue.hpp.

#include "io_queue.hpp"

#include "test.hpp"

namespace test
{

namespace
{
void note_completion(npp_reap &reap, u16 tag, u16 status, u64 result)
{
	IoQueue &q = *static_cast<IoQueue *>(reap.owner);
	Request &r = q.requests[tag];

	r.completions++;
	r.status = status;
	r.result = result;
	q.finished++;
	if (!r.in_flight)
		q.unexpected++;
	r.in_flight = false;
}
} // namespace

void IoQueue::prepare(npp_dev &d, u16 number, u16 entries, u16 commands, u8 page_shift)
{
	dev = &d;
	qid = number;
	depth = entries;
	tags = commands;
	sq = static_cast<u8 *>(test_alloc(u64{depth} * NPP_SQE_BYTES));
	cq = static_cast<u8 *>(test_alloc(u64{depth} * NPP_CQE_BYTES));
	slots = static_cast<u16 *>(test_alloc(tags * sizeof(u16)));
	requests = static_cast<Request *>(test_alloc(tags * sizeof(Request)));
	sq_dma = d.bus.map(sq, u64{depth} * NPP_SQE_BYTES, fake::Access::read);
	cq_dma = d.bus.map(cq, u64{depth} * NPP_CQE_BYTES, fake::Access::write);

	const npp_queue_config config = {
		.dev = &d,
		.sq = sq,
		.cq = cq,
		.slots = slots,
		.sq_doorbell = d.sq_doorbell(qid),
		.cq_doorbell = d.cq_doorbell(qid),
		.qid = qid,
		.depth = depth,
		.tags = tags,
		.page_shift = page_shift,
	};
	npp_queue_init(&queue, &config);
}

void IoQueue::begin(u16 tag)
{
	EXPECT(!requests[tag].in_flight);
	requests[tag] = Request{true, 0, 0, 0};
}

void IoQueue::submit(u16 tag, const Transfer &t)
{
	const u64 head = npp_rw_head(t.nsid, t.write);
	const u32 length = (t.blocks - 1) | (t.fua ? NPP_RW_FUA : 0);

	if (t.prp)
		npp_submit_rw_prp(&queue, tag, head, t.slba, length, t.prp->prp1, t.prp->prp2);
	else if (t.sgl)
		npp_submit_rw_sgl(&queue, tag, head, t.slba, length, t.addr, t.bytes);
	else
		npp_submit_rw(&queue, tag, head, t.slba, length, t.addr, t.bytes);
}

u32 IoQueue::reap()
{
	npp_reap r{note_completion, this};

	dev->sleeping_forbidden = true;
	const u32 taken = npp_queue_reap(&queue, &r);
	dev->sleeping_forbidden = false;
	return taken;
}

bool IoQueue::handle_interrupt()
{
	if (!dev->controller.take_interrupt(qid))
		return false;
	reap();
	return true;
}

npp_poll_result IoQueue::poll(u16 tag)
{
	if (!requests[tag].in_flight)
		return NPP_POLL_RACED;
	const u32 before = finished;
	reap();
	if (!requests[tag].in_flight)
		return NPP_POLL_COMPLETED;
	return finished != before ? NPP_POLL_OTHERS : NPP_POLL_EMPTY;
}

u32 IoQueue::cancel_all()
{
	u32 cancelled = 0;

	for (u16 tag = 0; tag < tags; tag++) {
		if (!requests[tag].in_flight)
			continue;
		requests[tag] = Request{false, 1, CANCELLED, 0};
		cancelled++;
	}
	return cancelled;
}

npp_queue_counts IoQueue::counts() const
{
	npp_queue_counts c;

	npp_queue_read_counts(&queue, &c);
	return c;
}

} // namespace test
