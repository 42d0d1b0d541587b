// SPDX-License-Identifier: GPL-2.0
// The controller by its registers: capabilities, enable, disable, shutdown, and
// how long each may take on the virtual clock.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 PAUSE_MS = 100; // the longest that a wait sleeps between two looks

int init(Rig &rig)
{
	return npp_ctrl_init(&rig.ctrl, &rig.dev, rig.host_page_shift);
}

int enable(Rig &rig)
{
	return npp_ctrl_enable(&rig.ctrl, rig.dev.admin_sq_dma, rig.dev.admin_cq_dma);
}

Rig &enabled_rig()
{
	Rig &rig = test::fresh_rig();

	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_OK);
	return rig;
}

void enable_programs_queues_and_waits_for_ready()
{
	Rig &rig = enabled_rig();

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
		EXPECT_EQ(init(rig), NPP_OK);
		const u64 start = rig.dev.now();
		const int got = enable(rig);
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
	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_ETIMEDOUT);
	EXPECT(rig.dev.events[NPP_EVENT_NOT_READY].b >= 1000);
	EXPECT_EQ(rig.dev.controller.enables(), 1);
}

void enable_stops_at_a_fatal_status()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(init(rig), NPP_OK);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 3;
	EXPECT_EQ(enable(rig), NPP_EIO);
	EXPECT(rig.dev.controller.fatal());
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1);
	EXPECT(rig.dev.now() < 1000 + 20);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
}

void disable_of_what_was_never_enabled_is_quick()
{
	Rig &rig = test::fresh_rig();

	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.now(), 1000);
}

void disable_waits_for_not_ready()
{
	Rig &rig = enabled_rig();

	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(!rig.dev.controller.ready());
	EXPECT_EQ(rig.dev.controller.disables(), 1);
}

// The previous owner (firmware, kexec) left it on its way up.
void disable_lets_a_starting_controller_come_up_first()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(init(rig), NPP_OK);
	nppk_write32(&rig.dev, 0x24, 0x1f001f);
	nppk_write32(&rig.dev, 0x28, 0x1000);
	nppk_write32(&rig.dev, 0x30, 0x1000);
	nppk_write32(&rig.dev, 0x14, 0x460001);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() >= 1700);
	EXPECT_EQ(rig.dev.controller.disables(), 1);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 0);
}

void disable_of_one_that_never_came_up_is_bounded()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_ETIMEDOUT);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start <= 2 * (1000 + PAUSE_MS));
	EXPECT_EQ(rig.dev.controller.disables(), 1);
}

void disable_that_never_ends_is_bounded()
{
	Rig &rig = enabled_rig();

	rig.dev.controller.faults.never_disabled = true;
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT(rig.dev.now() - start >= 1000);
	EXPECT(rig.dev.now() - start <= 1000 + PAUSE_MS);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_DISABLED), 1);
}

// What has had its time is told once more, and not waited for.
void disable_at_once_never_waits()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_ETIMEDOUT);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable_at_once(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.now(), start);
	EXPECT_EQ(rig.dev.controller.disables(), 1);
	EXPECT_EQ(nppk_read32(&rig.dev, 0x14) & 1, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 1); // that of the enable
}

void disable_at_once_says_when_it_may_still_write()
{
	Rig &rig = enabled_rig();

	rig.dev.controller.faults.never_disabled = true;
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable_at_once(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT_EQ(rig.dev.now(), start);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_DISABLED), 1);
}

void disable_at_once_knows_a_device_that_is_gone()
{
	for (u32 reads : test::values(0u, 1u)) {
		Rig &rig = enabled_rig();

		rig.dev.controller.faults.gone_at_read =
			rig.dev.controller.register_reads() + reads;
		EXPECT_EQ(npp_ctrl_disable_at_once(&rig.ctrl), NPP_ENODEV);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
		EXPECT_EQ(rig.dev.controller.disables(), reads);
	}
}

void disable_heals_a_fatal_status()
{
	Rig &rig = enabled_rig();

	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads();
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTHY);
	EXPECT_EQ(enable(rig), NPP_OK);
}

// CSTS.CFS may stay until the controller is enabled again.
void disable_is_done_when_not_ready_whatever_else()
{
	Rig &rig = enabled_rig();

	rig.dev.controller.faults.fatal_survives_disable = true;
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads();
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(!rig.dev.controller.ready() && rig.dev.controller.fatal());
}

// A controller that fails on its way up is disabled at once: that is the cure.
void disable_does_not_wait_for_a_fatal_controller_to_come_up()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(init(rig), NPP_OK);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 1;
	EXPECT_EQ(enable(rig), NPP_EIO);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start < PAUSE_MS);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1); // that of the enable
}

void disable_of_a_controller_that_turns_fatal_on_its_way_up()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(init(rig), NPP_OK);
	nppk_write32(&rig.dev, 0x28, 0x1000);
	nppk_write32(&rig.dev, 0x30, 0x1000);
	nppk_write32(&rig.dev, 0x14, 0x460001);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 4;
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1);
	EXPECT(rig.dev.now() < 1700);
}

void disable_ends_when_the_device_goes_while_it_comes_up()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(init(rig), NPP_OK);
	nppk_write32(&rig.dev, 0x28, 0x1000);
	nppk_write32(&rig.dev, 0x30, 0x1000);
	nppk_write32(&rig.dev, 0x14, 0x460001);
	rig.dev.controller.faults.gone_at_read = rig.dev.controller.register_reads() + 4;
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ENODEV);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
	EXPECT_EQ(rig.dev.controller.disables(), 0);
}

void disable_after_shutdown_does_not_wait_for_ready()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(init(rig), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_ETIMEDOUT);
	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start < PAUSE_MS);
}

void shutdown_waits_until_it_is_complete()
{
	Rig &rig = enabled_rig();
	const u64 start = rig.dev.now();

	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	EXPECT(rig.dev.now() - start >= 7);
	EXPECT_EQ(nppk_read32(&rig.dev, 0x14) >> 14 & 3, 1);
	EXPECT_EQ(nppk_read32(&rig.dev, 0x14) & 1, 1); // still enabled
}

void shutdown_is_bounded_by_its_timeout()
{
	for (u32 limit : test::values(0u, 1u, 50u, 1000u, 8000u)) {
		Rig &rig = enabled_rig();

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
	Rig &rig = enabled_rig();

	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(enable(rig), NPP_OK);
	EXPECT_EQ(nppk_read32(&rig.dev, 0x14) >> 14 & 3, 0);
}

void unmasking_clears_every_vector()
{
	Rig &rig = enabled_rig();

	npp_ctrl_unmask_interrupts(&rig.ctrl);
	EXPECT_EQ(rig.dev.controller.unmasked(), 0xffffffff);
}

void health_of_a_device_that_is_gone()
{
	Rig &rig = enabled_rig();

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
	CASE(enable_stops_at_a_fatal_status),
	CASE(disable_of_what_was_never_enabled_is_quick),
	CASE(disable_waits_for_not_ready),
	CASE(disable_lets_a_starting_controller_come_up_first),
	CASE(disable_of_one_that_never_came_up_is_bounded),
	CASE(disable_that_never_ends_is_bounded),
	CASE(disable_at_once_never_waits),
	CASE(disable_at_once_says_when_it_may_still_write),
	CASE(disable_at_once_knows_a_device_that_is_gone),
	CASE(disable_heals_a_fatal_status),
	CASE(disable_is_done_when_not_ready_whatever_else),
	CASE(disable_does_not_wait_for_a_fatal_controller_to_come_up),
	CASE(disable_of_a_controller_that_turns_fatal_on_its_way_up),
	CASE(disable_ends_when_the_device_goes_while_it_comes_up),
	CASE(disable_after_shutdown_does_not_wait_for_ready),
	CASE(shutdown_waits_until_it_is_complete),
	CASE(shutdown_is_bounded_by_its_timeout),
	CASE(shutdown_can_be_followed_by_a_new_start),
	CASE(unmasking_clears_every_vector),
	CASE(health_of_a_device_that_is_gone),
};

} // namespace

constinit const test::Group test::controller_cases = test::group(cases);
