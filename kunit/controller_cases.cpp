// SPDX-License-Identifier: GPL-2.0
// The controller by its registers: enable, shutdown, and how long each may take
// on the virtual clock.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 PAUSE_MS = 100; // the longest sleep between two reads of the register

void enable_programs_queues_and_waits_for_ready()
{
	Rig &rig = test::enabled_rig();

	EXPECT(rig.dev.controller.ready());
	EXPECT_EQ(rig.dev.controller.enables(), 1);
	EXPECT(rig.dev.now() >= 1005 && rig.dev.now() < 1010);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTHY);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

// Late by every amount around the limit: in time succeeds, and the wait is never
// longer than the limit and one pause.
void enable_waits_exactly_as_long_as_promised()
{
	for (u32 late = 0; late <= 1200; late += 25) {
		Rig &rig = test::fresh_rig();

		rig.dev.controller.setup.ready_after_ms = late;
		EXPECT_EQ(rig.init(), NPP_OK);
		const u64 start = rig.dev.now();
		const int got = rig.enable();
		const u64 took = rig.dev.now() - start;

		if (late <= 1000)
			EXPECT_EQ(got, NPP_OK);
		if (late >= 1000 + PAUSE_MS)
			EXPECT_EQ(got, NPP_ETIMEDOUT);
		EXPECT(took >= late || took >= 1000);
		EXPECT(took <= 1000 + PAUSE_MS);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), got != NPP_OK);
	}
}

void enable_that_never_becomes_ready_ends()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_ETIMEDOUT);
	EXPECT(rig.dev.events[NPP_EVENT_NOT_READY].b >= 1000);
	EXPECT_EQ(rig.dev.controller.enables(), 1);
}

// An attempt may have less time left than CAP.TO says.
void enable_waits_no_longer_than_the_caller_can()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	npp_ctrl_limit_ready(&rig.ctrl, 100);
	EXPECT_EQ(rig.enable(), NPP_ETIMEDOUT);
	EXPECT(rig.dev.events[NPP_EVENT_NOT_READY].b >= 100);
	EXPECT(rig.dev.events[NPP_EVENT_NOT_READY].b < 300);
}

void enable_stops_at_a_fatal_status()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 3;
	EXPECT_EQ(rig.enable(), NPP_EIO);
	EXPECT(rig.dev.controller.fatal());
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1);
	EXPECT(rig.dev.now() < 1000 + 20);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
}

void shutdown_waits_until_it_is_complete()
{
	Rig &rig = test::enabled_rig();
	const u64 start = rig.dev.now();

	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	EXPECT(rig.dev.now() - start >= 7);
	EXPECT_EQ(npp_os_read32(&rig.dev, 0x14) >> 14 & 3, 1);
	EXPECT_EQ(npp_os_read32(&rig.dev, 0x14) & 1, 1); // still enabled
}

void shutdown_is_bounded_by_its_timeout()
{
	for (u32 limit : test::values(0u, 1u, 50u, 1000u, 8000u)) {
		Rig &rig = test::enabled_rig();

		rig.dev.controller.faults.never_shut_down = true;
		const u64 start = rig.dev.now();
		EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, limit), NPP_ETIMEDOUT);
		EXPECT(rig.dev.now() - start >= limit);
		EXPECT(rig.dev.now() - start <= limit + PAUSE_MS);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_SHUT_DOWN), 1);
	}
}

void shutdown_can_be_followed_by_a_new_start()
{
	Rig &rig = test::enabled_rig();

	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_OK);
	EXPECT_EQ(npp_os_read32(&rig.dev, 0x14) >> 14 & 3, 0);
}

void unmasking_clears_every_vector()
{
	Rig &rig = test::enabled_rig();

	npp_ctrl_unmask_interrupts(&rig.ctrl);
	EXPECT_EQ(rig.dev.controller.unmasked(), 0xffffffff);
}

void health_of_a_device_that_is_gone()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.vanish();
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_GONE);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ENODEV);
	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 100), NPP_ENODEV);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 2);
}

constexpr test::Case cases[] = {
	CASE(enable_programs_queues_and_waits_for_ready),
	CASE(enable_waits_exactly_as_long_as_promised),
	CASE(enable_that_never_becomes_ready_ends),
	CASE(enable_waits_no_longer_than_the_caller_can),
	CASE(enable_stops_at_a_fatal_status),
	CASE(shutdown_waits_until_it_is_complete),
	CASE(shutdown_is_bounded_by_its_timeout),
	CASE(shutdown_can_be_followed_by_a_new_start),
	CASE(unmasking_clears_every_vector),
	CASE(health_of_a_device_that_is_gone),
};

} // namespace

constinit const test::Group test::controller_cases = test::group(cases);
