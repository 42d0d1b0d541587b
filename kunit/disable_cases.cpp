// SPDX-License-Identifier: GPL-2.0
// Disabling a controller in whatever condition it is, and how long that may take.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

constexpr u32 PAUSE_MS = 100; // the longest sleep between two reads of the register

void disable_of_what_was_never_enabled_is_quick()
{
	Rig &rig = test::fresh_rig();

	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.now(), 1000);
}

void disable_waits_for_not_ready()
{
	Rig &rig = test::enabled_rig();

	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(!rig.dev.controller.ready());
	EXPECT_EQ(rig.dev.controller.disables(), 1);
}

// The previous owner (firmware, kexec) left it on its way up.
void disable_lets_a_starting_controller_come_up_first()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(rig.init(), NPP_OK);
	npp_os_write32(&rig.dev, 0x24, 0x1f001f);
	npp_os_write32(&rig.dev, 0x28, 0x1000);
	npp_os_write32(&rig.dev, 0x30, 0x1000);
	npp_os_write32(&rig.dev, 0x14, 0x460001);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() >= 1700);
	EXPECT_EQ(rig.dev.controller.disables(), 1);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 0);
}

void disable_of_one_that_never_came_up_is_bounded()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_ETIMEDOUT);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start <= 2 * (1000 + PAUSE_MS));
	EXPECT_EQ(rig.dev.controller.disables(), 1);
}

void disable_that_never_ends_is_bounded()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.faults.never_disabled = true;
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT(rig.dev.now() - start >= 1000);
	EXPECT(rig.dev.now() - start <= 1000 + PAUSE_MS);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_DISABLED), 1);
}

// CRTO is for enabling; with 65535 of its units a device could hold up removal for 9 hours.
void disable_has_the_time_of_cap_alone()
{
	Rig &rig = test::fresh_rig();
	auto &setup = rig.dev.controller.setup;

	setup.timeout_units = 4;
	setup.independent_ready = true;
	setup.crto = 65535;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_OK);
	rig.dev.controller.faults.never_disabled = true;
	u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT(rig.dev.now() - start >= 2000);
	EXPECT(rig.dev.now() - start <= 2000 + PAUSE_MS);
	// the caller's own time is less
	npp_ctrl_limit_ready(&rig.ctrl, 300);
	start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT(rig.dev.now() - start <= 300 + PAUSE_MS);
	// what a new firmware says counts
	npp_ctrl_limit_ready(&rig.ctrl, ~0u);
	setup.timeout_units = 8;
	EXPECT_EQ(npp_ctrl_reread_capabilities(&rig.ctrl), NPP_OK);
	start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ETIMEDOUT);
	EXPECT(rig.dev.now() - start >= 4000);
	EXPECT(rig.dev.now() - start <= 4000 + PAUSE_MS);
}

// After the timeout CC is written once more, without a wait.
void disable_at_once_never_waits()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_ETIMEDOUT);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable_at_once(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.now(), start);
	EXPECT_EQ(rig.dev.controller.disables(), 1);
	EXPECT_EQ(npp_os_read32(&rig.dev, 0x14) & 1, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 1); // that of the enable
}

void disable_at_once_says_when_it_may_still_write()
{
	Rig &rig = test::enabled_rig();

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
		Rig &rig = test::enabled_rig();

		rig.dev.controller.faults.gone_at_read =
			rig.dev.controller.register_reads() + reads;
		EXPECT_EQ(npp_ctrl_disable_at_once(&rig.ctrl), NPP_ENODEV);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
		EXPECT_EQ(rig.dev.controller.disables(), reads);
	}
}

void disable_heals_a_fatal_status()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads();
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTHY);
	EXPECT_EQ(rig.enable(), NPP_OK);
}

// CSTS.CFS may stay until the controller is enabled again.
void disable_is_done_when_not_ready_whatever_else()
{
	Rig &rig = test::enabled_rig();

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
	EXPECT_EQ(rig.init(), NPP_OK);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 1;
	EXPECT_EQ(rig.enable(), NPP_EIO);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start < PAUSE_MS);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1); // that of the enable
}

void disable_of_a_controller_that_turns_fatal_on_its_way_up()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(rig.init(), NPP_OK);
	npp_os_write32(&rig.dev, 0x28, 0x1000);
	npp_os_write32(&rig.dev, 0x30, 0x1000);
	npp_os_write32(&rig.dev, 0x14, 0x460001);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + 4;
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_FATAL), 1);
	EXPECT(rig.dev.now() < 1700);
}

void disable_ends_when_the_device_goes_while_it_comes_up()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.setup.ready_after_ms = 700;
	EXPECT_EQ(rig.init(), NPP_OK);
	npp_os_write32(&rig.dev, 0x28, 0x1000);
	npp_os_write32(&rig.dev, 0x30, 0x1000);
	npp_os_write32(&rig.dev, 0x14, 0x460001);
	rig.dev.controller.faults.gone_at_read = rig.dev.controller.register_reads() + 4;
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_ENODEV);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
	EXPECT_EQ(rig.dev.controller.disables(), 0);
}

void disable_after_shutdown_does_not_wait_for_ready()
{
	Rig &rig = test::fresh_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.init(), NPP_OK);
	EXPECT_EQ(rig.enable(), NPP_ETIMEDOUT);
	EXPECT_EQ(npp_ctrl_shutdown(&rig.ctrl, 1000), NPP_OK);
	const u64 start = rig.dev.now();
	EXPECT_EQ(npp_ctrl_disable(&rig.ctrl), NPP_OK);
	EXPECT(rig.dev.now() - start < PAUSE_MS);
}

constexpr test::Case cases[] = {
	CASE(disable_of_what_was_never_enabled_is_quick),
	CASE(disable_waits_for_not_ready),
	CASE(disable_lets_a_starting_controller_come_up_first),
	CASE(disable_of_one_that_never_came_up_is_bounded),
	CASE(disable_that_never_ends_is_bounded),
	CASE(disable_has_the_time_of_cap_alone),
	CASE(disable_at_once_never_waits),
	CASE(disable_at_once_says_when_it_may_still_write),
	CASE(disable_at_once_knows_a_device_that_is_gone),
	CASE(disable_heals_a_fatal_status),
	CASE(disable_is_done_when_not_ready_whatever_else),
	CASE(disable_does_not_wait_for_a_fatal_controller_to_come_up),
	CASE(disable_of_a_controller_that_turns_fatal_on_its_way_up),
	CASE(disable_ends_when_the_device_goes_while_it_comes_up),
	CASE(disable_after_shutdown_does_not_wait_for_ready),
};

} // namespace

constinit const test::Group test::disable_cases = test::group(cases);
