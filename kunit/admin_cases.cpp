// SPDX-License-Identifier: GPL-2.0
// Admin commands about the controller and its queues, over a real admin queue.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

Rig &started_rig()
{
	Rig &rig = test::fresh_rig();

	EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 12), NPP_OK);
	rig.dev.admin_start(12);
	EXPECT_EQ(npp_ctrl_enable(&rig.ctrl, rig.dev.admin_sq_dma, rig.dev.admin_cq_dma), NPP_OK);
	return rig;
}

int identify(Rig &rig)
{
	return npp_identify_ctrl(&rig.ctrl, rig.page, rig.page_dma, &rig.info);
}

fake::CompletionFault &fault(Rig &rig, fake::Verb verb, u32 opcode, u32 arg)
{
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = verb;
	f.opcode = opcode;
	f.arg = arg;
	return f;
}

void identify_reads_what_the_controller_says()
{
	Rig &rig = started_rig();

	REQUIRE_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(rig.info.max_transfer_bytes, 4096 << 5);
	EXPECT_EQ(rig.info.namespaces, 8);
	EXPECT_EQ(rig.info.shutdown_ms, 2501); // 2,500,001 us, rounded up
	EXPECT_EQ(rig.info.vendor, 0x1b36);
	EXPECT_EQ(rig.info.cntlid, 7);
	EXPECT_EQ(rig.info.volatile_write_cache, 1);
	EXPECT_EQ(rig.info.can_discard, 1);
	EXPECT_EQ(rig.info.can_write_zeroes, 1);
	EXPECT_EQ(rig.info.can_sgl, 1);
	EXPECT(test::same_text(rig.info.serial, "FAKE-0001"));
	EXPECT(test::same_text(rig.info.model, "nvmepp fake controller"));
	EXPECT(test::same_text(rig.info.firmware, "1.0"));
}

void identify_offers_only_what_is_there()
{
	Rig &rig = started_rig();

	rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
		page[520] = page[525] = page[536] = 0;
		__builtin_memset(page + 88, 0, 4);
	};
	REQUIRE_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(rig.dev.controller.faults.edited, 1);
	EXPECT_EQ(rig.info.volatile_write_cache, 0);
	EXPECT_EQ(rig.info.can_discard, 0);
	EXPECT_EQ(rig.info.can_write_zeroes, 0);
	EXPECT_EQ(rig.info.can_sgl, 0);
	EXPECT_EQ(rig.info.shutdown_ms, 0);
}

// Bits 1:0 say how; a value without a meaning is no support.
void identify_wants_a_known_kind_of_sgl()
{
	for (u8 kind : test::values(u8{0}, u8{1}, u8{2}, u8{3})) {
		static u8 sgls;
		Rig &rig = started_rig();

		sgls = kind;
		rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
			page[536] = sgls;
			page[537] = 0xff;
		};
		REQUIRE_EQ(identify(rig), NPP_OK);
		EXPECT_EQ(rig.dev.controller.faults.edited, 1);
		EXPECT_EQ(rig.info.can_sgl, kind == 1 || kind == 2);
	}
}

void identify_makes_device_text_printable()
{
	Rig &rig = started_rig();

	rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
		__builtin_memset(page + 4, 0xff, 20);
		__builtin_memset(page + 24, ' ', 40);
		__builtin_memset(page + 64, 0, 8);
		page[64] = '\n';
		page[65] = '~';
		page[66] = ' ';
		page[67] = 0x7f;
	};
	REQUIRE_EQ(identify(rig), NPP_OK);
	EXPECT(test::same_text(rig.info.serial, "????????????????????"));
	EXPECT(test::same_text(rig.info.model, ""));
	EXPECT(test::same_text(rig.info.firmware, "?~ ?"));
}

// MDTS counts in the controller's smallest page, which is the host's at most.
void transfer_limit_follows_mdts_without_overflow()
{
	for (u32 mpsmin : test::values(0u, 1u, 4u)) {
		for (u32 mdts = 0; mdts < 256; mdts++) {
			Rig &rig = test::fresh_rig();
			const u32 shift = 12 + mpsmin + mdts;
			const bool unlimited = !mdts || shift >= 22;

			rig.dev.controller.setup.mpsmin = mpsmin;
			rig.dev.controller.setup.mdts = static_cast<u8>(mdts);
			EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 16), NPP_OK);
			rig.enable_on_large_pages();
			EXPECT_EQ(identify(rig), NPP_OK);
			EXPECT_EQ(rig.info.max_transfer_bytes, unlimited ? 4u << 20 : 1u << shift);
		}
	}
}

struct EntrySizes {
	u8 sqes, cqes;
	bool fit;
};

constexpr EntrySizes entry_sizes[] = {
	{0x66, 0x44, true},  {0x60, 0x40, true},  {0xf6, 0xf4, true},  {0x00, 0x44, false},
	{0x77, 0x44, false}, {0x55, 0x44, false}, {0x66, 0x33, false}, {0x66, 0x55, false},
	{0x66, 0x00, false}, {0x67, 0x44, false}, {0x66, 0x45, false},
};
EntrySizes sizes_now;

void identify_refuses_entries_of_another_size()
{
	for (const EntrySizes &e : entry_sizes) {
		Rig &rig = started_rig();

		sizes_now = e;
		rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
			page[512] = sizes_now.sqes;
			page[513] = sizes_now.cqes;
		};
		EXPECT_EQ(identify(rig), e.fit ? NPP_OK : NPP_EPROTO);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_ENTRY_SIZE), !e.fit);
	}
}

void identify_that_fails_is_reported()
{
	Rig &rig = started_rig();
	const fake::CompletionFault &f = fault(rig, fake::Verb::error, 0x06, 0x4006);

	EXPECT_EQ(identify(rig), NPP_EIO);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].a, 0x06);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].b, 0x4006);
}

void identify_that_is_never_answered_ends()
{
	Rig &rig = started_rig();
	const fake::CompletionFault &f = fault(rig, fake::Verb::never, 0x06, 0);
	const u64 start = rig.dev.now();

	EXPECT_EQ(identify(rig), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.dev.now() - start, fake::ADMIN_WAIT_MS);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_ADMIN_FAILED].b, static_cast<u64>(NPP_ETIMEDOUT));
}

void queue_count_is_what_both_sides_agree_on()
{
	for (u32 limit = 1; limit <= 10; limit++) {
		for (u16 wanted = 1; wanted <= 10; wanted++) {
			Rig &rig = started_rig();
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
	Rig &rig = started_rig();
	const fake::CompletionFault &f = fault(rig, fake::Verb::error, 0x09, 0x0006);
	u16 granted = 99;

	EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 4, &granted), NPP_OK);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(granted, 0);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_QUEUES_GRANTED].b, 4);
}

void queue_count_without_an_answer_is_an_error()
{
	Rig &rig = started_rig();
	const fake::CompletionFault &f = fault(rig, fake::Verb::never, 0x09, 0);
	u16 granted = 99;

	EXPECT_EQ(npp_set_queue_count(&rig.ctrl, 4, &granted), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(granted, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

void queues_are_created_and_deleted_in_the_right_order()
{
	Rig &rig = started_rig();
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
		Rig &rig = started_rig();
		const fake::CompletionFault &f =
			fault(rig, fake::Verb::error, opcodes[step], 0x4006);
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
	Rig &rig = started_rig();

	for (u32 i = 0; i < 5 * NPP_ADMIN_DEPTH; i++)
		REQUIRE_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(rig.dev.controller.commands_served(0), 5 * NPP_ADMIN_DEPTH);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

// TIME counts in 100 us, and only where more than one completion is gathered.
void coalescing_time_is_read()
{
	for (u32 threshold : test::values(0u, 1u, 255u)) {
		for (u32 time = 0; time < 256; time++) {
			Rig &rig = started_rig();
			u32 time_us = 99;

			rig.dev.controller.setup.coalescing = time << 8 | threshold;
			EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_OK);
			EXPECT_EQ(time_us, threshold ? time * 100 : 0);
		}
	}
}

void coalescing_is_optional_but_an_answer_is_not()
{
	Rig &rig = started_rig();
	u32 time_us = 99;

	rig.dev.controller.setup.has_coalescing = false;
	EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_OK);
	EXPECT_EQ(time_us, 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
	const fake::CompletionFault &f = fault(rig, fake::Verb::never, 0x0a, 0);
	EXPECT_EQ(npp_get_coalescing(&rig.ctrl, &time_us), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

constexpr u64 NOW_MS = 1'764'000'000'123;

// The controller reads it, and no more.
int tell_time(Rig &rig, u64 now_ms)
{
	const u64 dma = rig.dev.bus.map(rig.page, NPP_IDENTIFY_BYTES, fake::Access::read);

	return npp_set_timestamp(&rig.ctrl, &rig.info, rig.page, dma, now_ms);
}

// 48 bits of it: the two bytes above are for the controller.
void time_is_told_to_who_wants_to_know()
{
	for (bool wants : test::values(false, true)) {
		Rig &rig = started_rig();

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
	Rig &rig = started_rig();

	rig.dev.controller.setup.takes_timestamp = false;
	rig.info.has_timestamp = true;
	EXPECT_EQ(tell_time(rig, NOW_MS), NPP_OK);
	EXPECT_EQ(rig.dev.controller.timestamp(), 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
	const fake::CompletionFault &f = fault(rig, fake::Verb::never, 0x09, 0);
	EXPECT_EQ(tell_time(rig, NOW_MS), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
}

constexpr test::Case cases[] = {
	CASE(identify_reads_what_the_controller_says),
	CASE(identify_offers_only_what_is_there),
	CASE(identify_wants_a_known_kind_of_sgl),
	CASE(identify_makes_device_text_printable),
	CASE(transfer_limit_follows_mdts_without_overflow),
	CASE(identify_refuses_entries_of_another_size),
	CASE(identify_that_fails_is_reported),
	CASE(identify_that_is_never_answered_ends),
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
