// SPDX-License-Identifier: GPL-2.0
// Which namespaces there are: lists, honest and hostile.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

int list(Rig &rig, u32 after, u32 capacity)
{
	return npp_list_namespaces(&rig.ctrl, after, &rig.page, rig.nsids, capacity,
				   &rig.namespaces);
}

struct FourIds {
	u32 id[4];
};

void list_gives_active_namespaces_in_order()
{
	Rig &rig = test::started_rig();

	EXPECT_EQ(list(rig, 0, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 2);
	EXPECT_EQ(rig.nsids[0], 1);
	EXPECT_EQ(rig.nsids[1], 5);
	EXPECT_EQ(list(rig, 1, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 1);
	EXPECT_EQ(list(rig, 5, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
	EXPECT_EQ(list(rig, 0, 1), NPP_OK);
	EXPECT_EQ(rig.namespaces, 1);
}

void list_beyond_the_last_id_asks_nobody()
{
	Rig &rig = test::started_rig();
	const u32 before = rig.dev.controller.commands_served(0);

	EXPECT_EQ(list(rig, 0xfffffffe, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
	EXPECT_EQ(list(rig, 0xffffffff, 16), NPP_OK);
	EXPECT_EQ(rig.dev.controller.commands_served(0), before);
}

// CNS 02h came with 1.1.
void list_is_counted_up_for_old_controllers()
{
	Rig &rig = test::started_rig(0x00010000, 5);

	EXPECT_EQ(list(rig, 0, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 5);
	for (u32 i = 0; i < 5; i++)
		EXPECT_EQ(rig.nsids[i], i + 1);
	EXPECT_EQ(list(rig, 3, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 2);
	EXPECT_EQ(list(rig, 0, 2), NPP_OK);
	EXPECT_EQ(rig.namespaces, 2);
	EXPECT_EQ(list(rig, 5, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
	EXPECT_EQ(list(rig, 0xffffffff, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
}

// NN is the device's word; the broadcast id is no namespace.
void list_counted_up_never_reaches_the_broadcast_id()
{
	Rig &rig = test::started_rig(0x00010000, 0xffffffff);

	EXPECT_EQ(list(rig, 0xfffffffc, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 2);
	EXPECT_EQ(rig.nsids[1], 0xfffffffe);
	EXPECT_EQ(list(rig, 0xfffffffe, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
}

void list_version_boundary_is_exact()
{
	Rig &rig = test::started_rig(0x00010100, 8);

	EXPECT_EQ(list(rig, 0, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 2);
}

void list_ends_at_the_first_id_out_of_order()
{
	struct Expected {
		FourIds ids;
		u32 count;
	};
	static constexpr Expected table[] = {
		{{{3, 2, 4, 5}}, 1},   {{{3, 3, 4, 5}}, 1}, {{{1, 2, 0xffffffff, 5}}, 2},
		{{{0, 2, 3, 4}}, 0},   {{{1, 0, 3, 4}}, 1}, {{{1, 2, 3, 0xfffffffe}}, 4},
		{{{9, 10, 11, 1}}, 3},
	};

	for (const Expected &e : table) {
		Rig &rig = test::started_rig();
		u32 disorder = 0;

		rig.edit(2, 0, e.ids);
		EXPECT_EQ(list(rig, 0, 16), NPP_OK);
		EXPECT(rig.dev.controller.faults.edited > 0);
		EXPECT_EQ(rig.namespaces, e.count);
		if (e.count < 4)
			disorder = e.ids.id[e.count] != 0;
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NS_LIST_ORDER), disorder);
	}
}

void list_starts_above_what_was_asked()
{
	Rig &rig = test::started_rig();

	rig.edit(2, 0, FourIds{{7, 8, 9, 10}});
	EXPECT_EQ(list(rig, 7, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 0);
	EXPECT_EQ(rig.dev.events[NPP_EVENT_NS_LIST_ORDER].a, 7);
}

void list_of_a_full_page_stops_at_its_end()
{
	Rig &rig = test::started_rig();
	u32 *nsids = static_cast<u32 *>(test_alloc(2000 * sizeof(u32)));
	u32 *copies = static_cast<u32 *>(test_alloc(2 * 4096));
	npp_page two_pages = rig.page;
	u32 count = 0;

	rig.dev.controller.faults.edit_page = [](u8, u32, u8 *page) {
		for (u32 i = 0; i < 1024; i++) {
			const u32 nsid = i + 1;

			__builtin_memcpy(page + 4 * i, &nsid, 4);
		}
	};
	for (u32 i = 1024; i < 2048; i++)
		copies[i] = i + 1; // goes on behind the page
	two_pages.copy = copies;
	EXPECT_EQ(npp_list_namespaces(&rig.ctrl, 0, &two_pages, nsids, 2000, &count), NPP_OK);
	EXPECT_EQ(count, 1024);
	EXPECT_EQ(nsids[1023], 1024);
	EXPECT_EQ(nsids[1024], 0);
}

// A controller that refuses the list has its namespaces counted up to NN.
void list_that_is_refused_is_counted_up()
{
	Rig &rig = test::started_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::error;
	f.arg = 0x4002;
	f.times = 2;
	rig.namespaces = 99;
	EXPECT_EQ(list(rig, 0, 5), NPP_OK);
	EXPECT_EQ(rig.namespaces, 5);
	EXPECT_EQ(rig.nsids[0], 1);
	EXPECT_EQ(list(rig, 5, 16), NPP_OK);
	EXPECT_EQ(rig.namespaces, 3); // NN is 8
	EXPECT_EQ(rig.nsids[2], 8);
	EXPECT_EQ(f.fired, 2);
	EXPECT_EQ(rig.dev.all_events(), 0);
}

// No answer says nothing about namespaces: none is counted up.
void list_without_an_answer_is_an_error_and_empty()
{
	Rig &rig = test::started_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::never;
	rig.namespaces = 99;
	EXPECT_EQ(list(rig, 0, 16), NPP_ETIMEDOUT);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(rig.namespaces, 0);
	EXPECT_EQ(rig.dev.count(NPP_EVENT_ADMIN_FAILED), 1);
}

constexpr test::Case cases[] = {
	CASE(list_gives_active_namespaces_in_order),
	CASE(list_beyond_the_last_id_asks_nobody),
	CASE(list_is_counted_up_for_old_controllers),
	CASE(list_counted_up_never_reaches_the_broadcast_id),
	CASE(list_version_boundary_is_exact),
	CASE(list_ends_at_the_first_id_out_of_order),
	CASE(list_starts_above_what_was_asked),
	CASE(list_of_a_full_page_stops_at_its_end),
	CASE(list_that_is_refused_is_counted_up),
	CASE(list_without_an_answer_is_an_error_and_empty),
};

} // namespace

constinit const test::Group test::namespace_list_cases = test::group(cases);
