// SPDX-License-Identifier: GPL-2.0
// Shadow doorbells: when a register is written besides, and that a controller which was not
// told by it is told later.

#include "corpus.hpp"
#include "pair.hpp"
#include "rig.hpp"

#include "doorbell.hpp"

namespace
{

using npp::Doorbell;
using test::fresh_pair;
using test::IoQueue;
using test::Pair;
using test::Rig;

// What the specification says, entry by entry: the doorbell moves over @event.
bool moves_over(u32 event, u32 was, u32 now, u32 depth)
{
	for (u32 at = was; at != now; at = (at + 1) % depth)
		if (at == event)
			return true;
	return false;
}

void event_index_is_passed_exactly_where_the_doorbell_moves_over_it()
{
	for (u32 depth = 2; depth <= 20; depth++)
		for (u32 was = 0; was < depth; was++)
			for (u32 now = 0; now < depth; now++)
				for (u32 event = 0; event < depth && now != was; event++)
					EXPECT_EQ(Doorbell::passes(event, was, now),
						  moves_over(event, was, now, depth));
}

void event_index_is_passed_in_the_largest_ring()
{
	for (u32 event : test::values(0u, 1u, 4094u, 4095u)) {
		EXPECT_EQ(Doorbell::passes(event, 4095, 1), event == 4095 || event == 0);
		EXPECT_EQ(Doorbell::passes(event, 4094, 0), event >= 4094);
		EXPECT(Doorbell::passes(event, event, (event + 4095) % 4096));
	}
}

// A queue whose device is played by hand, and its shadow doorbells.
struct Shadow {
	Pair &p;
	u32 *words; // doorbells; event indices a page behind them

	explicit Shadow(u16 depth)
		: p(fresh_pair(depth, static_cast<u16>(depth - 1))),
		  words(static_cast<u32 *>(test_alloc(2 * NPP_SHADOW_BYTES)))
	{
		npp_queue_use_shadow(&p.q.queue, words);
	}

	u32 tail() const { return words[2]; }
	u32 head() const { return words[3]; }
	void want_tail(u32 event) { words[NPP_SHADOW_BYTES / 4 + 2] = event; }
	void want_head(u32 event) { words[NPP_SHADOW_BYTES / 4 + 3] = event; }

	// How many registers are written for it.
	u32 submit(u16 tag)
	{
		const u32 before = p.dev->doorbell_writes;

		p.submit(tag);
		npp_queue_ring(&p.q.queue);
		return p.dev->doorbell_writes - before;
	}
};

void first_command_of_a_queue_is_told_by_register()
{
	Shadow s(8);

	EXPECT_EQ(s.submit(0), 1);
	EXPECT_EQ(s.p.dev->last_doorbell_value, 1);
	EXPECT_EQ(s.tail(), 1);
	EXPECT(!npp_queue_untold(&s.p.q.queue));
	EXPECT(!npp_queue_ring_again(&s.p.q.queue));
}

void busy_device_is_told_by_memory_alone()
{
	Shadow s(8);

	s.submit(0);
	EXPECT_EQ(s.submit(1), 0);
	EXPECT_EQ(s.submit(2), 0);
	EXPECT_EQ(s.tail(), 3);
	EXPECT(npp_queue_untold(&s.p.q.queue));
	s.want_tail(3);
	EXPECT_EQ(s.submit(3), 1);
	EXPECT_EQ(s.p.dev->last_doorbell_value, 4);
	EXPECT(!npp_queue_untold(&s.p.q.queue));
}

void device_that_missed_a_doorbell_is_told_once_by_register()
{
	Shadow s(8);

	s.submit(0);
	s.submit(1);
	s.submit(2);
	const u32 before = s.p.dev->doorbell_writes;
	// Placed, and not rung: the register is not to say more than the shadow doorbell.
	s.p.submit(3);
	EXPECT(npp_queue_ring_again(&s.p.q.queue));
	EXPECT_EQ(s.p.dev->doorbell_writes, before + 1);
	EXPECT_EQ(s.p.dev->last_doorbell_value, 3);
	EXPECT_EQ(s.tail(), 3);
	EXPECT(!npp_queue_untold(&s.p.q.queue));
	EXPECT(!npp_queue_ring_again(&s.p.q.queue));
	EXPECT_EQ(s.p.dev->doorbell_writes, before + 1);
}

void completions_free_their_entries_by_memory()
{
	Shadow s(8);
	u32 before;

	for (u16 tag = 0; tag < 3; tag++)
		s.p.post(s.p.submit(tag));
	before = s.p.dev->doorbell_writes;
	s.want_head(5);
	EXPECT_EQ(s.p.q.reap(), 3);
	EXPECT_EQ(s.head(), 3);
	EXPECT_EQ(s.p.dev->doorbell_writes, before);
	// What it has moved over before is no reason to write it.
	s.want_head(1);
	s.p.post(s.p.submit(0));
	EXPECT_EQ(s.p.q.reap(), 1);
	EXPECT_EQ(s.head(), 4);
	EXPECT_EQ(s.p.dev->doorbell_writes, before);
	s.want_head(5);
	for (u16 tag = 0; tag < 3; tag++)
		s.p.post(s.p.submit(tag));
	EXPECT_EQ(s.p.q.reap(), 3);
	EXPECT_EQ(s.head(), 7);
	EXPECT_EQ(s.p.dev->doorbell_writes, before + 1);
	EXPECT_EQ(s.p.dev->last_doorbell_value, 7);
}

void queue_without_a_shadow_has_nothing_to_tell()
{
	Pair &p = fresh_pair(8, 7);

	p.submit(0);
	EXPECT(!npp_queue_untold(&p.q.queue));
	EXPECT(!npp_queue_ring_again(&p.q.queue));
	EXPECT_EQ(p.dev->doorbell_writes, 0);
}

// The controller forgets the buffers when it is disabled.
void restarted_queue_is_rung_by_register()
{
	Shadow s(8);

	s.submit(0);
	s.submit(1);
	npp_queue_restart(&s.p.q.queue, 8);
	EXPECT(!npp_queue_untold(&s.p.q.queue));
	EXPECT(!npp_queue_ring_again(&s.p.q.queue));
	EXPECT_EQ(s.submit(2), 1);
	EXPECT_EQ(s.submit(3), 1);
	EXPECT_EQ(s.tail(), 2);
}

// Whatever a device writes as an event index, nothing but a register is written or not.
void event_index_beyond_the_ring_indexes_nothing()
{
	for (u32 event : test::values(8u, 0xffffu, 0x8000'0000u, 0xffff'ffffu)) {
		Shadow s(8);

		s.want_tail(event);
		s.want_head(event);
		for (u32 n = 0; n < 20; n++) {
			s.p.post(s.p.submit(static_cast<u16>(n % 7)));
			npp_queue_ring(&s.p.q.queue);
			EXPECT_EQ(s.tail(), (n + 1) % 8);
			EXPECT_EQ(s.p.q.reap(), 1);
			EXPECT_EQ(s.head(), (n + 1) % 8);
			npp_queue_ring_again(&s.p.q.queue);
			EXPECT(!npp_queue_untold(&s.p.q.queue));
		}
	}
}

Rig &shadowed_rig()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	rig.wants_shadow = true;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	EXPECT(rig.dev.controller.has_shadow());
	return rig;
}

void submit_some(Rig &rig, u32 count)
{
	for (u16 tag = 0; tag < count; tag++) {
		rig.submit(rig.io[0], tag);
		npp_queue_ring(&rig.io[0].queue);
	}
}

// Several times round both rings, one by one and in batches.
void everything_arrives_with_fewer_register_writes()
{
	Rig &rig = shadowed_rig();
	IoQueue &q = rig.io[0];
	u32 commands = 0;

	for (u32 round = 0; round < 200; round++) {
		const u32 count = 1 + round % 15;

		rig.dev.controller.hold_commands(count > 1);
		submit_some(rig, count);
		while (rig.dev.controller.held())
			rig.dev.controller.release(0);
		rig.dev.controller.hold_commands(false);
		// What has come meanwhile.
		rig.dev.controller.poll_shadow(1);
		EXPECT_EQ(q.reap(), count);
		commands += count;
	}
	EXPECT_EQ(q.counts().completed, commands);
	EXPECT_EQ(q.unexpected, 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
	EXPECT(rig.dev.controller.doorbells_written() >= 200);
	EXPECT(rig.dev.controller.doorbells_written() < 2 * commands);
}

void missed_doorbell_is_made_up_for_by_the_register()
{
	Rig &rig = shadowed_rig();
	IoQueue &q = rig.io[0];

	rig.dev.controller.setup.far_events = 1;
	submit_some(rig, 2);
	EXPECT_EQ(q.reap(), 1);
	EXPECT_EQ(rig.dev.controller.setup.far_events, 0);
	EXPECT(npp_queue_ring_again(&q.queue));
	EXPECT_EQ(q.reap(), 1);
	EXPECT(q.done(1));
	EXPECT_EQ(rig.dev.all_events(), 0);
}

void shadow_doorbells_are_taken_again_after_a_reset()
{
	Rig &rig = shadowed_rig();
	IoQueue &q = rig.io[0];

	submit_some(rig, 3);
	q.reap();
	EXPECT_EQ(rig.recover(), NPP_OK);
	EXPECT(rig.dev.controller.has_shadow());
	const u32 before = rig.dev.controller.doorbells_written();
	submit_some(rig, 3);
	EXPECT_EQ(q.reap(), 3);
	EXPECT(rig.dev.controller.doorbells_written() > before);
}

void controller_may_refuse_shadow_doorbells()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	rig.wants_shadow = true;
	rig.dev.controller.setup.takes_shadow_doorbells = false;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	EXPECT(!rig.dev.controller.has_shadow());
	submit_some(rig, 3);
	EXPECT_EQ(rig.io[0].reap(), 3);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

void no_answer_about_shadow_doorbells_is_an_error()
{
	Rig &rig = test::started_rig();
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x7c, 0);
	bool taken = true;

	EXPECT_EQ(rig.start_shadow_doorbells(taken), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT(!taken);
}

// Nothing is sent: the fault is not met.
void not_offered(Rig &rig, u32 io_queues)
{
	const fake::CompletionFault &f = rig.admin_fault(fake::Verb::never, 0x7c, 0);
	bool taken = true;

	EXPECT_EQ(npp_set_doorbell_buffers(&rig.ctrl, &rig.info, io_queues, 0x10000, &taken),
		  NPP_OK);
	EXPECT_EQ(f.fired, 0);
	EXPECT(!taken);
}

void shadow_doorbells_are_for_controllers_that_know_them()
{
	Rig &rig = test::started_rig();

	rig.info.has_shadow_doorbells = 0;
	not_offered(rig, 1);
}

void shadow_doorbells_are_for_queues_that_fit_into_a_page()
{
	Rig &rig = test::started_rig();
	bool taken = false;

	EXPECT_EQ(rig.start_shadow_doorbells(taken), NPP_OK);
	EXPECT(taken);
	EXPECT_EQ(npp_set_doorbell_buffers(&rig.ctrl, &rig.info, 511, rig.shadow_dma, &taken),
		  NPP_OK);
	EXPECT(taken);
	not_offered(rig, 512);
}

void shadow_doorbells_are_for_doorbells_of_four_bytes()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	rig.wants_shadow = true;
	rig.dev.controller.setup.stride_shift = 1;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	EXPECT(rig.info.has_shadow_doorbells);
	EXPECT(!rig.dev.controller.has_shadow());
}

void shadow_doorbells_are_for_pages_of_4_kib()
{
	Rig &rig = test::fresh_rig();

	rig.host_page_shift = 16;
	rig.dev.controller.setup.mpsmin = 4;
	EXPECT_EQ(rig.init(), NPP_OK);
	rig.enable_on_large_pages();
	EXPECT_EQ(rig.identify(), NPP_OK);
	not_offered(rig, 1);
}

constexpr test::Case cases[] = {
	CASE(event_index_is_passed_exactly_where_the_doorbell_moves_over_it),
	CASE(event_index_is_passed_in_the_largest_ring),
	CASE(first_command_of_a_queue_is_told_by_register),
	CASE(busy_device_is_told_by_memory_alone),
	CASE(device_that_missed_a_doorbell_is_told_once_by_register),
	CASE(completions_free_their_entries_by_memory),
	CASE(queue_without_a_shadow_has_nothing_to_tell),
	CASE(restarted_queue_is_rung_by_register),
	CASE(event_index_beyond_the_ring_indexes_nothing),
	CASE(everything_arrives_with_fewer_register_writes),
	CASE(missed_doorbell_is_made_up_for_by_the_register),
	CASE(shadow_doorbells_are_taken_again_after_a_reset),
	CASE(controller_may_refuse_shadow_doorbells),
	CASE(no_answer_about_shadow_doorbells_is_an_error),
	CASE(shadow_doorbells_are_for_controllers_that_know_them),
	CASE(shadow_doorbells_are_for_queues_that_fit_into_a_page),
	CASE(shadow_doorbells_are_for_doorbells_of_four_bytes),
	CASE(shadow_doorbells_are_for_pages_of_4_kib),
};

} // namespace

constinit const test::Group test::doorbell_cases = test::group(cases);
