// SPDX-License-Identifier: GPL-2.0
// The timeout rule on a controller with requests in flight: poll, then decide.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using fake::Verb;
using test::Rig;

Rig &live_rig()
{
	Rig &rig = test::fresh_rig();

	rig.add_namespaces();
	EXPECT_EQ(rig.bring_up(), NPP_OK);
	return rig;
}

// The reason for all of this: the interrupt is lost, the poll finds the
// completion, and nothing is reset.
void timeout_of_a_lost_interrupt_completes_without_a_reset()
{
	Rig &rig = live_rig();
	const fake::CompletionFault &f = rig.io_fault(Verb::drop_interrupt);

	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT(!rig.dev.wait_interrupt(1, rig.dev.now() + Rig::IO_WAIT_MS));
	EXPECT_EQ(f.fired, 1);
	const npp_poll_result found = rig.io[0].poll(3);
	EXPECT_EQ(found, NPP_POLL_COMPLETED);
	EXPECT_EQ(rig.action_for(found), NPP_TIMEOUT_DONE);
	EXPECT(rig.io[0].done(3));
	EXPECT_EQ(rig.io[0].requests[3].status, 0);
	EXPECT_EQ(rig.dev.controller.disables(), 0);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

void timeout_of_a_silent_device_resets_after_the_poll()
{
	Rig &rig = live_rig();
	const fake::CompletionFault &f = rig.io_fault(Verb::never);

	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT(!rig.dev.wait_interrupt(1, rig.dev.now() + Rig::IO_WAIT_MS));
	EXPECT_EQ(f.fired, 1);
	const npp_poll_result found = rig.io[0].poll(3);
	EXPECT_EQ(found, NPP_POLL_EMPTY);
	EXPECT_EQ(rig.action_for(found), NPP_TIMEOUT_RESET);
	EXPECT_EQ(rig.recover(), NPP_OK);
	EXPECT_EQ(rig.io[0].requests[3].status, test::CANCELLED);
	EXPECT_EQ(rig.dev.controller.disables(), 1);
}

void timeout_where_others_were_completed_waits_a_grace_period()
{
	Rig &rig = live_rig();
	fake::CompletionFault &f = rig.io_fault(Verb::never);
	fake::CompletionFault &g = rig.dev.controller.faults.completion[1];

	g = f;
	g.verb = Verb::drop_interrupt;
	rig.submit(rig.io[0], 3);
	rig.submit(rig.io[0], 4);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT_EQ(f.fired + g.fired, 2);
	const npp_poll_result found = rig.io[0].poll(3);
	EXPECT_EQ(found, NPP_POLL_OTHERS);
	EXPECT_EQ(rig.action_for(found), NPP_TIMEOUT_GRACE);
	EXPECT(rig.io[0].done(4));
}

// D2: the interrupt comes before its completion can be seen.
void timeout_of_an_early_interrupt_is_found_by_the_poll()
{
	Rig &rig = live_rig();
	const fake::CompletionFault &f = rig.io_fault(Verb::early_interrupt, 2);

	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT(rig.io[0].handle_interrupt());
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.io[0].finished, 0);
	EXPECT(!rig.dev.wait_interrupt(1, rig.dev.now() + Rig::IO_WAIT_MS));
	EXPECT_EQ(rig.io[0].poll(3), NPP_POLL_COMPLETED);
}

void timeout_that_raced_with_the_handler_is_done_elsewhere()
{
	Rig &rig = live_rig();

	rig.submit(rig.io[0], 3);
	npp_queue_ring(&rig.io[0].queue);
	EXPECT(rig.io[0].handle_interrupt());
	EXPECT_EQ(rig.io[0].poll(3), NPP_POLL_RACED);
	EXPECT_EQ(rig.action_for(NPP_POLL_RACED), NPP_TIMEOUT_DONE);
	EXPECT_EQ(rig.io[0].requests[3].completions, 1);
}

constexpr test::Case cases[] = {
	CASE(timeout_of_a_lost_interrupt_completes_without_a_reset),
	CASE(timeout_of_a_silent_device_resets_after_the_poll),
	CASE(timeout_where_others_were_completed_waits_a_grace_period),
	CASE(timeout_of_an_early_interrupt_is_found_by_the_poll),
	CASE(timeout_that_raced_with_the_handler_is_done_elsewhere),
};

} // namespace

constinit const test::Group test::timeout_cases = test::group(cases);
