// SPDX-License-Identifier: GPL-2.0
// Admin commands: how they are sent, and those about queues and features.

#include "commands.hpp"
#include "controller.hpp"

namespace npp
{

int Controller::admin(const Sqe &e, u32 *result) const
{
	return npp_os_admin(dev, reinterpret_cast<const npp_sqe *>(&e), result);
}

int Controller::admin_must(const Sqe &e) const
{
	return require(e, admin(e, nullptr));
}

int Controller::require(const Sqe &e, int got) const
{
	if (!got)
		return NPP_OK;
	report(NPP_EVENT_ADMIN_FAILED, e.opcode, static_cast<u64>(got));
	return got > 0 ? NPP_EIO : got;
}

namespace
{

// Both halves of the answer are 0's based and may be more or less than asked.
int set_queue_count(Controller &c, u16 wanted, u16 &granted)
{
	u32 result = 0;
	Sqe e;

	granted = 0;
	commands::set_queue_count(e, static_cast<u16>(wanted - 1));
	const int got = c.admin(e, &result);
	if (got < 0) {
		c.report(NPP_EVENT_ADMIN_FAILED, e.opcode, static_cast<u64>(got));
		return got;
	}
	if (got == 0)
		granted =
			static_cast<u16>(min(u32{wanted}, min(result & 0xffff, result >> 16) + 1));
	if (granted < wanted)
		c.report(NPP_EVENT_QUEUES_GRANTED, granted, wanted);
	return NPP_OK;
}

// Optional, so a refusal is an answer: no coalescing.
int get_coalescing(Controller &c, u32 &time_us)
{
	u32 result = 0;
	Sqe e;

	time_us = 0;
	commands::get_feature(e, FEATURE_INTERRUPT_COALESCING);
	const int got = c.admin(e, &result);
	if (got == 0 && coalescing::THR0::get(result))
		time_us = coalescing::TIME::get(result) * 100;
	return min(got, 0);
}

// A controller that does not want to know the time serves all the same.
int set_timestamp(Controller &c, const npp_page &page, u64 now_ms)
{
	Sqe e;

	static_cast<Timestamp *>(page.shared)->set(now_ms & TIMESTAMP_MASK);
	commands::set_timestamp(e, page.dma);
	return c.admin_may(e);
}

// A doorbell of software is 4 bytes from the next one, and its page the smallest one.
bool fit_into_page(const Controller &c, u32 io_queues)
{
	return c.page_bytes() == NPP_SHADOW_BYTES && c.doorbell_stride() == sizeof(Le32) &&
	       (io_queues + 1) * 2 * sizeof(Le32) <= NPP_SHADOW_BYTES;
}

int set_doorbell_buffers(Controller &c, u32 io_queues, u64 dma, bool &taken)
{
	Sqe e;

	if (!fit_into_page(c, io_queues))
		return NPP_OK;
	commands::doorbell_buffer_config(e, dma, dma + NPP_SHADOW_BYTES);
	const int got = c.admin(e, nullptr);
	taken = !got;
	return min(got, 0);
}

int create_queues(Controller &c, u16 qid, u16 depth, u64 sq_dma, u64 cq_dma, u16 vector)
{
	const u16 depth0 = static_cast<u16>(depth - 1);
	Sqe e;
	int err;

	commands::create_cq(e, qid, depth0, cq_dma, vector);
	if ((err = c.admin_must(e)))
		return err;
	commands::create_sq(e, qid, depth0, sq_dma);
	return c.admin_must(e);
}

int delete_queues(Controller &c, u16 qid)
{
	Sqe e;
	int err;

	commands::delete_queue(e, AdminOpcode::delete_sq, qid);
	if ((err = c.admin_must(e)))
		return err;
	commands::delete_queue(e, AdminOpcode::delete_cq, qid);
	return c.admin_must(e);
}

} // namespace

} // namespace npp

extern "C" {

int npp_set_queue_count(npp_ctrl *c, u16 wanted, u16 *granted)
{
	return npp::set_queue_count(npp::controller(c), wanted, *granted);
}

int npp_get_coalescing(npp_ctrl *c, u32 *time_us)
{
	return npp::get_coalescing(npp::controller(c), *time_us);
}

int npp_set_timestamp(npp_ctrl *c, const npp_ctrl_info *info, const npp_page *page, u64 now_ms)
{
	if (!info->has_timestamp)
		return NPP_OK;
	return npp::set_timestamp(npp::controller(c), *page, now_ms);
}

int npp_set_doorbell_buffers(npp_ctrl *c, const npp_ctrl_info *info, u32 io_queues, u64 dma,
			     bool *taken)
{
	*taken = false;
	if (!info->has_shadow_doorbells)
		return NPP_OK;
	return npp::set_doorbell_buffers(npp::controller(c), io_queues, dma, *taken);
}

int npp_create_queues(npp_ctrl *c, u16 qid, u16 depth, u64 sq_dma, u64 cq_dma, u16 vector)
{
	return npp::create_queues(npp::controller(c), qid, depth, sq_dma, cq_dma, vector);
}

int npp_delete_queues(npp_ctrl *c, u16 qid)
{
	return npp::delete_queues(npp::controller(c), qid);
}

} // extern "C"
