// SPDX-License-Identifier: GPL-2.0
// The C entrance to reconnect.hpp, and what holds of the backoff.

#include "reconnect.hpp"

namespace npp
{

static_assert(reconnect_delay_s(1) == 1 && reconnect_delay_s(2) == 2 &&
		      reconnect_delay_s(5) == 16 && reconnect_delay_s(6) == 30 &&
		      reconnect_delay_s(~0u) == 30,
	      "1, 2, 4 .. 30 s");

static_assert(reconnect_answer_ms(0, 30000, 60000) == 10000 &&
		      reconnect_answer_ms(1, 30000, 60000) == 20000 &&
		      reconnect_answer_ms(9, 30000, 60000) == 60000 &&
		      reconnect_answer_ms(0, 1000, 60000) == NPP_ANSWER_MIN_MS &&
		      reconnect_answer_ms(0, ~0u, 60000) == 60000 &&
		      reconnect_answer_ms(~0u, ~0u, 1000) == 1000,
	      "the first answer in a third of the I/O timeout, none later than an admin timeout");

} // namespace npp

extern "C" {

void npp_reconnect_failed(npp_reconnect *r, u64 now_ms)
{
	npp::attempt_failed(*r, now_ms);
}

npp_reconnect_due npp_reconnect_next(const npp_reconnect *r, const npp_reconnect_limits *limits,
				     u64 now_ms, u64 *wait_ms)
{
	return npp::Limits(*r, *limits, now_ms).next(*wait_ms);
}

u64 npp_reconnect_left_ms(const npp_reconnect *r, const npp_reconnect_limits *limits, u64 now_ms)
{
	return npp::Limits(*r, *limits, now_ms).left_ms();
}

u32 npp_reconnect_answer_ms(u32 failed, u32 io_timeout_ms, u32 admin_timeout_ms)
{
	return npp::reconnect_answer_ms(failed, io_timeout_ms, admin_timeout_ms);
}

bool npp_cancelled_is_retried(u32 waited_s, s32 ctrl_loss_s)
{
	return npp::cancelled_is_retried(waited_s, ctrl_loss_s);
}

} // extern "C"
