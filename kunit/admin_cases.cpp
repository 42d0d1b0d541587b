// SPDX-License-Identifier: GPL-2.0
// Admin commands about queues and features, over a real admin queue.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

void queue_count_is_what_both_sides_agree_on()
{
	for (u32 limit = 1; limit <= 10; limit++) {
		for (u16 wanted = 1; wanted <= 10; wanted++) {
			Rig &rig = test::enabled_rig();
			const u32 agreed = limit < wanted ? limit : wanted;
			u16 granted = 99;

			rig.dev.controller.setup.queue_limit = static_cast<u16>(limit);
			EXPECT_EQ(npp_set_queue_count(&rig.ctrl, wanted, &granted), NPP_OK);
			EXPECT_EQ(granted, agreed);
			EXPECT_EQ(rig.dev.controller.asked_queues(), (wanted - 1) * 0x10001);
			EXPECT_EQ(rig.dev.count(NPP_EVENT_QUEUES_GRANTED), agreed < wanted);
		}
	}
}

void queue_count_of_a_controller_that_refuses_is_none()
{
	Rig &rig = test::enabled_rig();
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::error, 0x09, 0x0006);
	u16 granted = 99;

	EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 4, &granted), NPP_OK);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(granted, 0);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_QUEUES_GRANTED].b, 4);
}

void queue_count_without_an_answer_is_an_error()
{
	Rig &rig = test::enabled_rig();
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x09, 0);
	u16 granted = 99;

	EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 4, &granted), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(granted, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

void queues_are_created_and_deleted_in_the_right_order()
{
	Rig &rig = test::enabled_rig();
	u16 granted;

	EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 2, &granted), NPP_OK);
	rig.io[0].prepare(rig.dev, 1, 16, 15, 12);
	EXPECT_EQ(npp_create_queues(&rig.ctrl, 1, 16, rig.io[0].sq_dma, rig.io[0].cq_dma, 1),
		  NPP_OK);
	EXPECT(rig.dev.controller.queue_exists(1));
	EXPECT_EQ(npp_delete_queues(&rig.ctrl, 1), NPP_OK);
	EXPECT(!rig.dev.controller.queue_exists(1));
	EXPECT_EQ(npp_delete_queues(&rig.ctrl, 1), NPP_EIO);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

// Each of the four commands refused: the one after it is not sent.
void queues_that_cannot_be_made_end_the_sequence()
{
	static constexpr u32 opcodes[] = {0x05, 0x01, 0x00, 0x04};

	for (u32 step = 0; step < 4; step++) {
		Rig &rig = test::enabled_rig();
		const fake::CompletionFault &f =
			rig.admin_fault(fake::Verb::error, opcodes[step], 0x4006);
		u16 granted;

		EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 2, &granted), NPP_OK);
		rig.io[0].prepare(rig.dev, 1, 16, 15, 12);
		const u32 before = rig.dev.controller.commands_served(0);
		const int made =
			npp_create_queues(&rig.ctrl, 1, 16, rig.io[0].sq_dma, rig.io[0].cq_dma, 1);
		EXPECT_EQ(made, step < 2 ? NPP_EIO : NPP_OK);
		if (step >= 2)
			EXPECT_EQ(npp_delete_queues(&rig.ctrl, 1), NPP_EIO);
		EXPECT_EQ(rig.dev.controller.commands_served(0) - before, step + 1);
		EXPECT_EQ(f.fired, 1);
		EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].a, opcodes[step]);
	}
}

// More commands than the admin ring holds, so that it wraps with all its tags.
void admin_ring_wraps()
{
	Rig &rig = test::enabled_rig();

	for (u32 i = 0; i < 5 * NPP_ADMIN_DEPTH; i++)
		REQUIRE_EQ(rig.identify(), NPP_OK);
	EXPECT_EQ(rig.dev.controller.commands_served(0), 5 * NPP_ADMIN_DEPTH);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

// TIME counts in 100 us, and only where more than one completion is gathered.
void coalescing_time_is_read()
{
	for (u32 threshold : test::values(0u, 1u, 255u)) {
		for (u32 time = 0; time < 256; time++) {
			Rig &rig = test::enabled_rig();
			u32 time_us = 99;

			rig.dev.controller.setup.coalescing = time << 8 | threshold;
			EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_OK);
			EXPECT_EQ(time_us, threshold ? time * 100 : 0);
		}
	}
}

void coalescing_is_optional_but_an_answer_is_not()
{
	Rig &rig = test::enabled_rig();
	u32 time_us = 99;

	rig.dev.controller.setup.has_coalescing = false;
	EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_OK);
	EXPECT_EQ(time_us, 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x0a, 0);
	EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

constexpr u64 NOW_MS = 1'764'000'000'123;

// The controller reads it, and no more.
int tell_time(Rig &rig, u64 now_ms)
{
	npp_page page = rig.page;

	page.dma = rig.dev.bus.map(page.shared, NPP_IDENTIFY_BYTES, fake::Access::read);
	return npp_set_timestamp(&rig.ctrl, &rig.info, &page, now_ms);
}

// 48 bits of it: the two bytes above are for the controller.
void time_is_told_to_who_wants_to_know()
{
	for (bool wants : test::values(false, true)) {
		Rig &rig = test::enabled_rig();

		rig.dev.controller.setup.has_timestamp = wants;
		EXPECT_EQ(rig.start_controller(), NPP_OK);
		EXPECT_EQ(rig.info.has_timestamp, wants);
		const u32 served = rig.dev.controller.commands_served(0);
		EXPECT_EQ(tell_time(rig, NOW_MS), NPP_OK);
		EXPECT_EQ(rig.dev.controller.timestamp(), wants ? NOW_MS : 0);
		EXPECT_EQ(rig.dev.controller.commands_served(0) - served, wants);
		EXPECT_EQ(tell_time(rig, ~u64{0}), NPP_OK);
		EXPECT_EQ(rig.dev.controller.timestamp(), wants ? 0xffff'ffff'ffffu : 0);
		EXPECT_EQ(rig.dev.all_events(), 0);
	}
}

void time_that_is_refused_does_no_harm_but_an_answer_there_is()
{
	Rig &rig = test::enabled_rig();

	rig.dev.controller.setup.takes_timestamp = false;
	rig.info.has_timestamp = true;
	EXPECT_EQ(tell_time(rig, NOW_MS), NPP_OK);
	EXPECT_EQ(rig.dev.controller.timestamp(), 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x09, 0);
	EXPECT_EQ(tell_time(rig, NOW_MS), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

constexpr test::Case cases[] = {
	CASE(queue_count_is_what_both_sides_agree_on),
	CASE(queue_count_of_a_controller_that_refuses_is_none),
	CASE(queue_count_without_an_answer_is_an_error),
	CASE(queues_are_created_and_deleted_in_the_right_order),
	CASE(queues_that_cannot_be_made_end_the_sequence),
	CASE(coalescing_time_is_read),
	CASE(coalescing_is_optional_but_an_answer_is_not),
	CASE(time_is_told_to_who_wants_to_know),
	CASE(time_that_is_refused_does_no_harm_but_an_answer_there_is),
	CASE(admin_ring_wraps),
};

} // namespace

constinit const test::Group test::admin_cases = test::group(cases);
