// SPDX-License-Identifier: GPL-2.0
// Bring-up as a whole, under every fault at every step. Whatever happens: it
// ends in bounded time, it says what happened, and nothing is touched that the
// fake bus does not know.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using fake::Verb;
using test::Rig;

// disable (twice the limit: up, then down), enable, and every admin command that
// runs into its limit.
constexpr u64 BOUND_MS = 4 * (1000 + 100) + 2 * fake::ADMIN_WAIT_MS;
constexpr u32 SWEEP = 400; // more steps than any bring-up has; asserted

Rig &prepared_rig()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	return rig;
}

void expect_whole(Rig &rig)
{
	EXPECT(rig.state_is(NPP_LIVE));
	EXPECT_EQ(rig.queues, 2);
	EXPECT_EQ(rig.served_namespaces, 2);
	EXPECT(rig.dev.controller.queue_exists(1) && rig.dev.controller.queue_exists(2));
}

// Register reads and admin commands of a bring-up without faults.
struct Length {
	u32 reads, commands;
};

Length bring_up_length()
{
	Rig &rig = prepared_rig();

	EXPECT_EQ(rig.bring_up(), NPP_OK);
	expect_whole(rig);
	return {rig.dev.controller.register_reads(), rig.dev.controller.commands_served(0)};
}

void bring_up_works_and_says_nothing()
{
	Rig &rig = prepared_rig();

	EXPECT_EQ(rig.bring_up(), NPP_OK);
	expect_whole(rig);
	EXPECT_EQ(rig.dev.all_events(), 0);
	EXPECT_EQ(rig.dev.controller.enables(), 1);
	EXPECT(rig.dev.now() < 1000 + 20);
	EXPECT_EQ(rig.dev.admin_lost_interrupts, 0);
}

void bring_up_with_fewer_queues_than_asked()
{
	Rig &rig = prepared_rig();

	rig.dev.controller.setup.queue_limit = 1;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	EXPECT_EQ(rig.queues, 1);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_QUEUES_GRANTED), 1);
}

void bring_up_when_the_device_goes_at_any_read()
{
	const u32 reads = bring_up_length().reads;

	REQUIRE(reads > 8 && reads < SWEEP);
	for (u32 n = 0; n < reads; n++) {
		Rig &rig = prepared_rig();

		rig.dev.controller.faults.gone_at_read = n;
		EXPECT_EQ(rig.bring_up(), NPP_ENODEV);
		EXPECT(rig.dev.controller.gone());
		EXPECT_EQ(rig.dev.count(NPP_EVENT_GONE), 1);
		EXPECT(rig.state_is(NPP_NEW));
		EXPECT(rig.dev.now() < 1000 + 20);
	}
	Rig &rig = prepared_rig();
	rig.dev.controller.faults.gone_at_read = reads;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	EXPECT(!rig.dev.controller.gone());
}

// Between two admin commands no register is read: the wait has to end.
void bring_up_when_the_device_goes_before_any_command()
{
	const u32 commands = bring_up_length().commands;

	REQUIRE(commands >= 9 && commands < SWEEP);
	for (u32 n = 0; n < commands; n++) {
		Rig &rig = prepared_rig();
		fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

		f.verb = Verb::never;
		f.skip = n;
		f.times = fake::NEVER;
		const u64 start = rig.dev.now();
		EXPECT(rig.bring_up() < 0);
		EXPECT(f.fired >= 1);
		EXPECT(rig.state_is(NPP_NEW));
		EXPECT(rig.dev.now() - start <= BOUND_MS);
	}
}

void bring_up_when_the_controller_fails_at_any_read()
{
	const u32 reads = bring_up_length().reads;
	u32 failed = 0;

	for (u32 n = 0; n < reads; n++) {
		Rig &rig = prepared_rig();

		rig.dev.controller.faults.fatal_at_read = n;
		const int got = rig.bring_up();
		EXPECT(rig.dev.controller.faults.fatal_at_read == fake::NEVER);
		EXPECT(got == NPP_EIO || got == NPP_OK || got == NPP_ETIMEDOUT);
		EXPECT_EQ(got != NPP_OK, rig.dev.controller.fatal());
		EXPECT(rig.dev.now() - 1000 <= BOUND_MS);
		failed += got == NPP_EIO;
	}
	EXPECT(failed > 0);
}

// What a fault does to one admin command of the bring-up.
struct Effect {
	Verb verb;
	u32 arg;
	bool survives;
	npp_event event; // NPP_EVENTS: none
};

constexpr Effect effects[] = {
	{Verb::drop_interrupt, 0, true, NPP_EVENTS},
	{Verb::early_interrupt, 3, true, NPP_EVENTS},
	{Verb::late, 30000, true, NPP_EVENTS},
	{Verb::late, 59999, true, NPP_EVENTS},
	{Verb::late, 60001, false, NPP_EVENTS},
	{Verb::never, 0, false, NPP_EVENTS},
	{Verb::duplicate, 0, true, NPP_EVENT_CQE_NOT_IN_FLIGHT},
	{Verb::bad_id, 0, true, NPP_EVENT_CQE_BAD_TAG},
	{Verb::stale_id, 0, true, NPP_EVENT_CQE_STALE},
	{Verb::bad_phase, 0, false, NPP_EVENTS},
};

void bring_up_with(const Effect &e, u32 command)
{
	Rig &rig = prepared_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = e.verb;
	f.skip = command;
	f.arg = e.arg;
	const u64 start = rig.dev.now();
	const int got = rig.bring_up();
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(got, e.survives ? NPP_OK : NPP_ETIMEDOUT);
	if (e.survives)
		expect_whole(rig);
	else
		EXPECT(rig.state_is(NPP_NEW));
	EXPECT(rig.dev.now() - start <= fake::ADMIN_WAIT_MS + 100);
	if (e.event != NPP_EVENTS)
		EXPECT_EQ(rig.dev.count(e.event), 1);
	if (e.verb == Verb::drop_interrupt || e.verb == Verb::early_interrupt)
		EXPECT_EQ(rig.dev.admin_lost_interrupts, 1);
}

void bring_up_with_every_fault_at_every_command()
{
	const u32 commands = bring_up_length().commands;

	for (const Effect &e : effects)
		for (u32 n = 0; n < commands; n++)
			bring_up_with(e, n);
}

// Refused with Do Not Retry, at every command: bring-up fails, unless the
// command may fail (the number of queues, descriptors, one namespace's Identify).
void bring_up_with_every_command_refused()
{
	const u32 commands = bring_up_length().commands;
	u32 survived = 0;

	for (u32 n = 0; n < commands; n++) {
		Rig &rig = prepared_rig();
		fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

		f.verb = Verb::error;
		f.skip = n;
		f.arg = 0x4006;
		const int got = rig.bring_up();
		EXPECT_EQ(f.fired, 1);
		EXPECT(got == NPP_OK || got == NPP_EIO);
		EXPECT_EQ(got == NPP_OK, rig.state_is(NPP_LIVE));
		survived += got == NPP_OK;
	}
	EXPECT_EQ(survived, 5); // the list of namespaces, and what concerns one of them only
}

void bring_up_when_all_interrupts_are_lost()
{
	Rig &rig = prepared_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = Verb::drop_interrupt;
	f.times = fake::NEVER;
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	expect_whole(rig);
	EXPECT_EQ(rig.dev.admin_lost_interrupts, f.fired);
}

void bring_up_of_a_controller_that_never_gets_ready()
{
	Rig &rig = prepared_rig();

	rig.dev.controller.faults.never_ready = true;
	EXPECT_EQ(rig.bring_up(), NPP_ETIMEDOUT);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_NOT_READY), 1);
	EXPECT(rig.dev.now() - 1000 <= 1100);
}

u8 junk;

// Every page that Identify returns is filled with one byte value.
void bring_up_with_hostile_identify_pages()
{
	for (u32 value = 0; value < 256; value++) {
		Rig &rig = prepared_rig();

		junk = static_cast<u8>(value);
		rig.dev.controller.faults.edit_page = [](u8 cns, u32, u8 *page) {
			const u8 sizes[] = {page[512], page[513]};

			__builtin_memset(page, junk, 4096);
			if (cns == 1) // or nothing else would be tried
				__builtin_memcpy(page + 512, sizes, 2);
		};
		const int got = rig.bring_up();
		EXPECT(got == NPP_OK || got == NPP_EPROTO);
		EXPECT(rig.dev.controller.faults.edited > 0);
		EXPECT(rig.dev.now() < 1000 + 100);
	}
}

constexpr test::Case cases[] = {
	CASE(bring_up_works_and_says_nothing),
	CASE(bring_up_with_fewer_queues_than_asked),
	CASE(bring_up_when_the_device_goes_at_any_read),
	CASE(bring_up_when_the_device_goes_before_any_command),
	CASE(bring_up_when_the_controller_fails_at_any_read),
	CASE(bring_up_with_every_fault_at_every_command),
	CASE(bring_up_with_every_command_refused),
	CASE(bring_up_when_all_interrupts_are_lost),
	CASE(bring_up_of_a_controller_that_never_gets_ready),
	CASE(bring_up_with_hostile_identify_pages),
};

} // namespace

constinit const test::Group test::bring_up_cases = test::group(cases);
