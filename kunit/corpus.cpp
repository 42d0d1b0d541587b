// SPDX-License-Identifier: GPL-2.0
// The corpus as the runners see it: one numbered list.

#include "corpus.hpp"

namespace
{

constexpr const test::Group *const groups[] = {
	&test::fake_cases,
	&test::wire_cases,
	&test::ring_cases,
	&test::command_id_cases,
	&test::prp_cases,
	&test::prp_array_cases,
	&test::queue_cases,
	&test::state_cases,
	&test::status_cases,
	&test::policy_cases,
	&test::controller_cases,
	&test::disable_cases,
	&test::identify_cases,
	&test::admin_cases,
	&test::namespace_cases,
	&test::descriptor_cases,
	&test::bring_up_cases,
	&test::recovery_cases,
	&test::io_cases,
	&test::bad_completion_cases,
	&test::loss_cases,
	&test::irq_health_cases,
	&test::irq_health_history_cases,
	&test::namespace_list_cases,
	&test::timeout_cases,
	&test::capability_cases,
	&test::passthrough_cases,
	&test::command_bytes_cases,
	&test::identity_cases,
	&test::limit_cases,
	&test::event_cases,
	&test::reconnect_cases,
	&test::stall_cases,
	&test::reservation_cases,
	&test::discard_cases,
	&test::watch_pace_cases,
	&test::poll_pace_cases,
	&test::doorbell_cases,
};

const test::Case *find(u32 index)
{
	for (const test::Group *g : groups) {
		if (index < g->count)
			return &g->cases[index];
		index -= g->count;
	}
	return nullptr;
}

} // namespace

extern "C" {

u32 test_case_count()
{
	u32 count = 0;

	for (const test::Group *g : groups)
		count += g->count;
	return count;
}

const char *test_case_name(u32 index)
{
	return find(index)->name;
}

void test_case_run(u32 index)
{
	find(index)->run();
}

} // extern "C"
