// SPDX-License-Identifier: GPL-2.0
// Attempts to bring a controller up again: when the next one is due, and when there is
// none any more.
#pragma once

#include "lang.hpp"

#include <nvmepp/reconnect.h>

namespace npp
{

// 1, 2, 4, 8, 16, 30, 30 ...
static constexpr u32 reconnect_delay_s(u32 failed)
{
	const u32 doublings = min(failed ? failed - 1 : 0, u32{5});

	return min(1u << doublings, u32{NPP_RECONNECT_DELAY_MAX_S});
}

NPP_INLINE constexpr u32 reconnect_answer_ms(u32 failed, u32 io_timeout_ms, u32 admin_timeout_ms)
{
	const u64 first = max(io_timeout_ms / 3, u32{NPP_ANSWER_MIN_MS});

	return static_cast<u32>(min(first << min(failed, u32{16}), u64{admin_timeout_ms}));
}

NPP_INLINE constexpr bool cancelled_is_retried(u32 waited_s, s32 ctrl_loss_s)
{
	return ctrl_loss_s < 0 || waited_s < static_cast<u32>(ctrl_loss_s);
}

NPP_INLINE constexpr void attempt_failed(npp_reconnect &r, u64 now_ms)
{
	if (!r.failed)
		r.first_failed_ms = now_ms;
	r.failed += r.failed != ~0u;
	r.next_attempt_ms = now_ms + reconnect_delay_s(r.failed) * u64{1000};
}

// What the limits leave of the time that has passed since the first failure.
class Limits {
public:
	NPP_INLINE constexpr Limits(const npp_reconnect &state, const npp_reconnect_limits &l,
				    u64 now)
		: r(state), limits(l), now_ms(now)
	{
	}

	NPP_INLINE constexpr npp_reconnect_due next(u64 &wait_ms) const
	{
		wait_ms = 0;
		if (!loss_left_ms())
			return NPP_DUE_LOST;
		if (!io_left_ms())
			return NPP_DUE_FAIL_IO;
		if (now_ms >= r.next_attempt_ms)
			return NPP_DUE_ATTEMPT;
		wait_ms = min(r.next_attempt_ms - now_ms, left_ms());
		return NPP_DUE_NOTHING;
	}

	NPP_INLINE constexpr u64 left_ms() const
	{
		return r.failed ? min(loss_left_ms(), io_left_ms()) : NPP_NO_LIMIT_MS;
	}

private:
	NPP_INLINE constexpr u64 loss_left_ms() const { return left_of(limits.ctrl_loss_s); }
	NPP_INLINE constexpr u64 io_left_ms() const
	{
		return r.io_failed ? NPP_NO_LIMIT_MS : left_of(limits.fast_io_fail_s);
	}

	NPP_INLINE constexpr u64 left_of(s32 limit_s) const
	{
		if (limit_s < 0)
			return NPP_NO_LIMIT_MS;
		const u64 end_ms = r.first_failed_ms + static_cast<u64>(limit_s) * 1000;

		return end_ms > now_ms ? end_ms - now_ms : 0;
	}

	const npp_reconnect &r;
	const npp_reconnect_limits &limits;
	u64 now_ms;
};

} // namespace npp
