// SPDX-License-Identifier: GPL-2.0
// Recovery: the timeout rule and the reset on a controller with requests in
// flight. Every request completes exactly once, whatever happens meanwhile.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using fake::Verb;
using test::IoQueue;
using test::Rig;

Rig &live_rig()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	return rig;
}

// Every verb while all tags of a queue are in flight, then a poll, then a reset:
// each request has one end, and afterwards the queue works.
void recover_after(Verb verb, u32 skip, u32 times)
{
	Rig &rig = live_rig();
	fake::CompletionFault &f = rig.io_fault(verb, verb == Verb::error ? 0x281 : 500);
	IoQueue &q = rig.io[0];

	f.skip = skip;
	f.times = times;
	for (u16 tag = 0; tag < q.tags; tag++)
		rig.submit(q, tag);
	npp_queue_ring(&q.queue);
	q.handle_interrupt();
	EXPECT_EQ(f.fired, times);
	q.poll(0);
	EXPECT_EQ(rig.recover(), NPP_OK);
	for (u16 tag = 0; tag < q.tags; tag++)
		EXPECT_EQ(q.requests[tag].completions, 1);
	EXPECT_EQ(q.unexpected, 0);
	f.verb = Verb::none;
	for (u16 tag = 0; tag < q.tags; tag++) {
		rig.submit(q, tag);
		EXPECT_EQ(rig.run(q, tag), 0);
	}
	EXPECT_EQ(rig.lost_interrupts, 0);
}

void recover_after_every_fault_with_all_tags_in_flight()
{
	constexpr u32 tags = test::RIG_DEPTH - 1;

	for (u32 verb = 1; verb < static_cast<u32>(Verb::VERBS); verb++) {
		// Twice as many entries as the ring holds wait for room.
		recover_after(static_cast<Verb>(verb), 0, tags);
		for (u32 at = 0; at < tags; at++)
			recover_after(static_cast<Verb>(verb), at, 1);
	}
}

// An entry posted while the controller is being disabled still counts.
void recover_takes_what_completes_while_disabling()
{
	Rig &rig = live_rig();
	const fake::CompletionFault &f = rig.io_fault(Verb::late, 2);

	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT_EQ(rig.recover(), NPP_OK);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.io[0].requests[3].status, 0);
	EXPECT_EQ(rig.io[0].requests[3].completions, 1);
}

// The same for the previous life's completion: stale now.
void recover_knows_completions_from_before()
{
	Rig &rig = live_rig();
	IoQueue &q = rig.io[0];
	const fake::CompletionFault &f = rig.io_fault(Verb::never);

	rig.submit(q, 3);
	npp_queue_ring(&q.queue);
	EXPECT_EQ(f.fired, 1);
	const u16 old = static_cast<u16>((q.slots[3] & 0xf000) | 3);
	EXPECT_EQ(rig.recover(), NPP_OK);
	rig.dev.controller.hold_commands(true);
	rig.submit(q, 3);
	npp_queue_ring(&q.queue);
	rig.dev.controller.post(1, old, 0, 0, true);
	EXPECT(q.handle_interrupt());
	EXPECT_EQ(rig.dev.count(NPP_EVENT_CQE_STALE), 1);
	EXPECT(q.requests[3].in_flight);
	rig.dev.controller.release(0);
	EXPECT(q.handle_interrupt());
	EXPECT(q.done(3));
}

void recover_from_a_fatal_status()
{
	Rig &rig = live_rig();

	rig.submit(rig.io[0], 3);
	rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads();
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTH_FATAL);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT_EQ(rig.io[0].poll(3), NPP_POLL_EMPTY);
	EXPECT_EQ(rig.action_for(NPP_POLL_EMPTY), NPP_TIMEOUT_RESET);
	EXPECT_EQ(rig.recover(), NPP_OK);
	EXPECT_EQ(rig.io[0].requests[3].status, test::CANCELLED);
	EXPECT_EQ(npp_ctrl_health(&rig.ctrl), NPP_HEALTHY);
}

// During a recovery: registers all ones or CSTS.CFS from every read on, and every
// admin command lost. It ends, no waiter remains, the state says how it went.
u32 recovery_reads()
{
	Rig &rig = live_rig();
	const u32 before = rig.dev.controller.register_reads();

	EXPECT_EQ(rig.recover(), NPP_OK);
	return rig.dev.controller.register_reads() - before;
}

void expect_ended(Rig &rig, int got, u64 start)
{
	EXPECT_EQ(got == NPP_OK, rig.state_is(NPP_LIVE));
	EXPECT_EQ(got != NPP_OK, rig.state_is(NPP_RECONNECT_WAIT));
	for (u16 tag = 0; tag < rig.io[0].tags; tag++) {
		EXPECT(!rig.io[0].requests[tag].in_flight);
		EXPECT(rig.io[0].requests[tag].completions <= 1);
	}
	EXPECT(rig.io[0].requests[3].completions == 1);
	EXPECT(rig.dev.now() - start <= 4 * 1100 + fake::ADMIN_WAIT_MS);
}

Rig &rig_with_a_stuck_request()
{
	Rig &rig = live_rig();

	rig.io_fault(Verb::never);
	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	return rig;
}

void recover_when_the_device_goes_at_any_read()
{
	const u32 reads = recovery_reads();

	REQUIRE(reads > 4 && reads < 100);
	for (u32 n = 0; n < reads; n++) {
		Rig &rig = rig_with_a_stuck_request();
		const u64 start = rig.dev.now();

		rig.dev.controller.faults.gone_at_read = rig.dev.controller.register_reads() + n;
		const int got = rig.recover();
		EXPECT_EQ(got, NPP_ENODEV);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
		expect_ended(rig, got, start);
	}
}

void recover_when_the_controller_fails_at_any_read()
{
	const u32 reads = recovery_reads();
	u32 failed = 0, recovered = 0;

	for (u32 n = 0; n < reads; n++) {
		Rig &rig = rig_with_a_stuck_request();
		const u64 start = rig.dev.now();

		rig.dev.controller.faults.fatal_at_read = rig.dev.controller.register_reads() + n;
		const int got = rig.recover();
		(got ? failed : recovered)++;
		expect_ended(rig, got, start);
	}
	EXPECT(failed > 0 && recovered > 0);
}

u32 recovery_commands()
{
	Rig &rig = live_rig();
	const u32 before = rig.dev.controller.commands_served(0);

	EXPECT_EQ(rig.recover(), NPP_OK);
	return rig.dev.controller.commands_served(0) - before;
}

// What becomes of a recovery one of whose admin commands meets the fault.
struct Effect {
	Verb verb;
	u32 arg;
	int result;
};

constexpr Effect effects[] = {
	{Verb::drop_interrupt, 0, NPP_OK}, {Verb::early_interrupt, 9, NPP_OK},
	{Verb::late, 59999, NPP_OK},       {Verb::late, 60001, NPP_ETIMEDOUT},
	{Verb::never, 0, NPP_ETIMEDOUT},   {Verb::duplicate, 0, NPP_OK},
	{Verb::bad_id, 0, NPP_OK},         {Verb::stale_id, 0, NPP_OK},
	{Verb::error, 0x4006, NPP_EIO},    {Verb::bad_phase, 0, NPP_ETIMEDOUT},
};

void recover_with_every_fault_at_every_command()
{
	const u32 commands = recovery_commands();

	EXPECT_EQ(commands, 6); // identify, queue count, two pairs of queues
	for (const Effect &e : effects) {
		for (u32 n = 0; n < commands; n++) {
			Rig &rig = rig_with_a_stuck_request();
			fake::CompletionFault &f = rig.dev.controller.faults.completion[1];
			const u64 start = rig.dev.now();

			f.verb = e.verb;
			f.arg = e.arg;
			f.skip = n;
			const int got = rig.recover();
			EXPECT_EQ(got, e.result);
			EXPECT_EQ(f.fired, 1);
			expect_ended(rig, got, start);
		}
	}
}

void recover_that_cannot_disable_is_bounded()
{
	Rig &rig = rig_with_a_stuck_request();
	const u64 start = rig.dev.now();

	rig.dev.controller.faults.never_disabled = true;
	const int got = rig.recover();
	EXPECT_EQ(got, NPP_ETIMEDOUT);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_DISABLED), 1);
	expect_ended(rig, got, start);
}

// A controller that comes up once, and never again.
void recover_that_never_gets_ready_is_bounded()
{
	Rig &rig = rig_with_a_stuck_request();
	const u64 start = rig.dev.now();

	rig.dev.controller.faults.first_ready_only = 1;
	const int got = rig.recover();
	EXPECT_EQ(got, NPP_ETIMEDOUT);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 1);
	expect_ended(rig, got, start);
}

// As late as CAP.TO, 1 s here, allows, and later.
void recover_that_gets_ready_late()
{
	constexpr u32 times_ms[] = {900, 2000};

	for (const u32 late : times_ms) {
		Rig &rig = rig_with_a_stuck_request();
		const u64 start = rig.dev.now();

		rig.dev.controller.setup.ready_after_ms = late;
		const int got = rig.recover();
		EXPECT_EQ(got, late < 1000 ? NPP_OK : NPP_ETIMEDOUT);
		EXPECT(rig.dev.now() - start >= (late < 1000 ? late : 1000));
		expect_ended(rig, got, start);
	}
}

void recover_with_fewer_queues_than_before()
{
	Rig &rig = live_rig();

	EXPECT_EQ(rig.queues, 2);
	rig.dev.controller.setup.queue_limit = 1;
	EXPECT_EQ(rig.recover(), NPP_OK);
	EXPECT_EQ(rig.queues, 1);
	EXPECT(!rig.dev.controller.queue_exists(2));
	rig.submit(rig.io[0], 0);
	EXPECT_EQ(rig.run(rig.io[0], 0), 0);
}

void recover_many_times()
{
	Rig &rig = live_rig();

	for (u32 n = 0; n < 40; n++) {
		rig.submit(rig.io[0], 1);
		EXPECT_EQ(rig.recover(), NPP_OK);
		rig.submit(rig.io[0], 1);
		EXPECT_EQ(rig.run(rig.io[0], 1), 0);
	}
	EXPECT_EQ(rig.dev.all_events(), 0);
}

constexpr test::Case cases[] = {
	CASE(recover_after_every_fault_with_all_tags_in_flight),
	CASE(recover_takes_what_completes_while_disabling),
	CASE(recover_knows_completions_from_before),
	CASE(recover_from_a_fatal_status),
	CASE(recover_when_the_device_goes_at_any_read),
	CASE(recover_when_the_controller_fails_at_any_read),
	CASE(recover_with_every_fault_at_every_command),
	CASE(recover_that_cannot_disable_is_bounded),
	CASE(recover_that_never_gets_ready_is_bounded),
	CASE(recover_that_gets_ready_late),
	CASE(recover_with_fewer_queues_than_before),
	CASE(recover_many_times),
};

} // namespace

constinit const test::Group test::recovery_cases = test::group(cases);
