// SPDX-License-Identifier: GPL-2.0
// When attempts to bring a controller up again are due, and when they end.

#include "corpus.hpp"

#include <nvmepp/reconnect.h>

namespace
{

constexpr npp_reconnect_limits FOR_EVER = {NPP_TMO_OFF, NPP_TMO_OFF};

struct Attempts {
	npp_reconnect r{};
	npp_reconnect_limits limits;
	u64 now_ms = 1000;
	u64 wait_ms = 0;

	explicit Attempts(const npp_reconnect_limits &l) : limits(l) {}
	void fail() { npp_reconnect_failed(&r, now_ms); }
	npp_reconnect_due next() { return npp_reconnect_next(&r, &limits, now_ms, &wait_ms); }
	// As the worker: waits until something is due.
	npp_reconnect_due wait()
	{
		npp_reconnect_due due;

		while ((due = next()) == NPP_DUE_NOTHING) {
			EXPECT(wait_ms > 0);
			if (!wait_ms)
				break;
			now_ms += wait_ms;
		}
		return due;
	}
	u64 left_ms() { return npp_reconnect_left_ms(&r, &limits, now_ms); }
};

// 1, 2, 4, 8, 16 s and then 30 s, to the millisecond.
void reconnect_backs_off_up_to_half_a_minute()
{
	Attempts a(FOR_EVER);

	for (u32 expected : test::values(1u, 2u, 4u, 8u, 16u, 30u, 30u, 30u)) {
		a.fail();
		const u64 from = a.now_ms;

		EXPECT_EQ(a.wait(), NPP_DUE_ATTEMPT);
		EXPECT_EQ(a.now_ms - from, expected * u64{1000});
	}
}

// -1 never gives a disk up: a week of failures is followed by another attempt.
void reconnect_without_a_limit_never_ends()
{
	Attempts a(FOR_EVER);

	a.fail();
	a.now_ms += u64{7} * 86400 * 1000;
	a.fail();
	EXPECT_EQ(a.left_ms(), NPP_NO_LIMIT_MS);
	EXPECT_EQ(a.wait(), NPP_DUE_ATTEMPT);
}

// ctrl_loss_tmo counts from the first failure, not from the last.
void reconnect_is_lost_when_the_limit_is_over()
{
	Attempts a({10, NPP_TMO_OFF});
	u32 attempts = 0;

	a.fail();
	const u64 first = a.now_ms;

	while (a.wait() == NPP_DUE_ATTEMPT && attempts < 100) {
		attempts++;
		a.fail();
	}
	EXPECT_EQ(attempts, 3); // after 1, 3 and 7 s
	EXPECT_EQ(a.now_ms - first, 10000);
	EXPECT_EQ(a.next(), NPP_DUE_LOST);
}

// 0: the first failure is the last.
void reconnect_zero_is_lost_at_once()
{
	Attempts a({0, NPP_TMO_OFF});

	EXPECT_EQ(a.left_ms(), NPP_NO_LIMIT_MS); // the first attempt has all its time
	a.fail();
	EXPECT_EQ(a.next(), NPP_DUE_LOST);
}

// Waiting I/O fails once, to the second, and the attempts go on.
void reconnect_fails_io_fast_once_and_goes_on()
{
	Attempts a({100, 5});

	a.fail();
	const u64 first = a.now_ms;

	EXPECT_EQ(a.wait(), NPP_DUE_ATTEMPT);
	a.fail();
	EXPECT_EQ(a.wait(), NPP_DUE_ATTEMPT);
	a.fail();
	EXPECT_EQ(a.wait(), NPP_DUE_FAIL_IO);
	EXPECT_EQ(a.now_ms - first, 5000);
	EXPECT_EQ(a.next(), NPP_DUE_FAIL_IO); // until it has been done
	a.r.io_failed = true;
	EXPECT_EQ(a.wait(), NPP_DUE_ATTEMPT);
	EXPECT_EQ(a.now_ms - first, 7000);
}

// Both over at once: the disks fail, which fails their I/O too.
void reconnect_loss_comes_before_fast_failure()
{
	Attempts a({5, 5});

	a.fail();
	a.now_ms += 5000;
	EXPECT_EQ(a.next(), NPP_DUE_LOST);
}

// An attempt may take no longer than until a limit is to be acted on.
void reconnect_attempt_has_the_time_until_the_next_limit()
{
	Attempts a({60, 5});

	a.fail();
	a.now_ms += 1000;
	EXPECT_EQ(a.left_ms(), 4000);
	a.now_ms += 4000;
	EXPECT_EQ(a.left_ms(), 0);
	EXPECT_EQ(a.next(), NPP_DUE_FAIL_IO);
	a.r.io_failed = true;
	EXPECT_EQ(a.left_ms(), 55000);
}

// A knob that is changed meanwhile counts from the same beginning.
void reconnect_follows_a_limit_that_is_changed()
{
	Attempts a(FOR_EVER);

	a.fail();
	a.now_ms += 20000;
	a.limits.ctrl_loss_s = 30;
	EXPECT_EQ(a.left_ms(), 10000);
	a.limits.ctrl_loss_s = 20;
	EXPECT_EQ(a.next(), NPP_DUE_LOST);
}

// The count of failures does not wrap to a first one.
void reconnect_count_of_failures_saturates()
{
	Attempts a({NPP_TMO_MAX_S, NPP_TMO_OFF});

	a.fail();
	const u64 first = a.r.first_failed_ms;

	a.r.failed = ~0u;
	a.now_ms += 5000;
	a.fail();
	EXPECT_EQ(a.r.failed, ~0u);
	EXPECT_EQ(a.r.first_failed_ms, first);
	EXPECT_EQ(a.r.next_attempt_ms, a.now_ms + NPP_RECONNECT_DELAY_MAX_S * 1000);
}

// A lost command costs a third of the I/O timeout once; a slow controller gets more
// time with each attempt.
void reconnect_answers_have_more_time_with_each_attempt()
{
	EXPECT_EQ(npp_reconnect_answer_ms(0, 30000, 60000), 10000);
	EXPECT_EQ(npp_reconnect_answer_ms(1, 30000, 60000), 20000);
	EXPECT_EQ(npp_reconnect_answer_ms(2, 30000, 60000), 40000);
	EXPECT_EQ(npp_reconnect_answer_ms(3, 30000, 60000), 60000);
	EXPECT_EQ(npp_reconnect_answer_ms(~0u, 30000, 60000), 60000);
	EXPECT_EQ(npp_reconnect_answer_ms(0, 1000, 60000), NPP_ANSWER_MIN_MS);
	EXPECT_EQ(npp_reconnect_answer_ms(0, ~0u, 60000), 60000);
}

// A command is sent again as long as the disk is not given up.
void reconnect_cancelled_commands_last_as_long_as_the_disk()
{
	EXPECT(npp_cancelled_is_retried(0, 600));
	EXPECT(npp_cancelled_is_retried(599, 600));
	EXPECT(!npp_cancelled_is_retried(600, 600));
	EXPECT(npp_cancelled_is_retried(~0u, NPP_TMO_OFF));
	EXPECT(!npp_cancelled_is_retried(0, 0));
}

constexpr test::Case cases[] = {
	CASE(reconnect_backs_off_up_to_half_a_minute),
	CASE(reconnect_without_a_limit_never_ends),
	CASE(reconnect_is_lost_when_the_limit_is_over),
	CASE(reconnect_zero_is_lost_at_once),
	CASE(reconnect_fails_io_fast_once_and_goes_on),
	CASE(reconnect_loss_comes_before_fast_failure),
	CASE(reconnect_attempt_has_the_time_until_the_next_limit),
	CASE(reconnect_follows_a_limit_that_is_changed),
	CASE(reconnect_count_of_failures_saturates),
	CASE(reconnect_answers_have_more_time_with_each_attempt),
	CASE(reconnect_cancelled_commands_last_as_long_as_the_disk),
};

} // namespace

constinit const test::Group test::reconnect_cases = test::group(cases);
