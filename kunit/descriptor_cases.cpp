// SPDX-License-Identifier: GPL-2.0
// Namespace identification descriptors: a chain of lengths that the device
// chose, in a page that ends.

#include "corpus.hpp"
#include "rig.hpp"

namespace
{

using test::Rig;

// The page that CNS 03h returns.
u8 descriptors[4096];

void replace_page(u8 cns, u32, u8 *page)
{
	if (cns == 3)
		__builtin_memcpy(page, descriptors, sizeof(descriptors));
}

Rig &started_rig()
{
	Rig &rig = test::fresh_rig();

	__builtin_memset(descriptors, 0, sizeof(descriptors));
	rig.dev.controller.faults.edit_page = replace_page;
	rig.add_namespaces();
	EXPECT_EQ(npp_ctrl_init(&rig.ctrl, &rig.dev, 12), NPP_OK);
	EXPECT_EQ(rig.start_controller(), NPP_OK);
	return rig;
}

int identify(Rig &rig)
{
	return npp_identify_ns(&rig.ctrl, 1, &rig.page, &rig.ns[0]);
}

u8 best_id(const Rig &rig)
{
	return npp_ns_best_id(&rig.ns[0].ids);
}

// The identifier that a descriptor of @type is kept as.
const u8 *id_of(const Rig &rig, u8 type)
{
	const npp_ns_ids &ids = rig.ns[0].ids;

	return type == 1 ? ids.eui64 : type == 2 ? ids.nguid : ids.uuid;
}

// One descriptor with value bytes @first, @first + 1, ...; returns what follows.
u32 put(u32 at, u8 type, u8 bytes, u8 first)
{
	descriptors[at] = type;
	descriptors[at + 1] = bytes;
	for (u32 i = 0; i < bytes; i++)
		descriptors[at + 4 + i] = static_cast<u8>(first + i);
	return at + 4 + bytes;
}

void descriptors_of_nothing_give_no_id()
{
	Rig &rig = started_rig();

	EXPECT_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(best_id(rig), 0);
}

// All orders of the three: each is kept; the UUID wins, then NGUID, then EUI64.
void descriptors_prefer_the_better_id_in_any_order()
{
	static constexpr u8 orders[][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3},
					   {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};

	for (const auto &order : orders) {
		for (u32 count = 1; count <= 3; count++) {
			Rig &rig = started_rig();
			u32 at = 0;
			u8 best = 0;

			for (u32 i = 0; i < count; i++) {
				const u8 type = order[i];

				at = put(at, type, type == 1 ? 8 : 16, static_cast<u8>(type * 16));
				best = type > best ? type : best;
			}
			EXPECT_EQ(identify(rig), NPP_OK);
			EXPECT_EQ(best_id(rig), best);
			for (u32 i = 0; i < count; i++) {
				const u8 last = order[i] == 1 ? 7 : 15;

				EXPECT_EQ(id_of(rig, order[i])[0], order[i] * 16);
				EXPECT_EQ(id_of(rig, order[i])[last], order[i] * 16 + last);
			}
		}
	}
}

// One descriptor, and a UUID behind it or nothing.
void one_descriptor(Rig &rig, u8 type, u8 bytes, bool uuid_follows)
{
	const bool uuid = type == 3 && bytes == 16;
	const bool id = uuid || (type == 1 && bytes == 8) || (type == 2 && bytes == 16);
	const u8 first = type == 4 && bytes == 1 ? 0 : 1;

	__builtin_memset(descriptors, 0, 512);
	const u32 at = put(0, type, bytes, first);
	if (uuid_follows)
		put(at, 3, 16, 0x80);
	EXPECT_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(best_id(rig), uuid_follows ? 3 : id ? type : 0);
	if (uuid_follows) // the last of a kind is taken, as upstream does
		EXPECT_EQ(rig.ns[0].ids.uuid[0], 0x80);
}

// Every type with every length: only those of the specification are taken, and
// what follows is still read.
void descriptors_of_a_wrong_length_are_skipped()
{
	Rig &rig = started_rig();

	for (u32 type = 0; type < 256; type++) {
		for (u32 bytes = 1; bytes < 256; bytes++) {
			if (type > 5 && bytes % 8)
				continue;
			one_descriptor(rig, static_cast<u8>(type), static_cast<u8>(bytes), false);
			one_descriptor(rig, static_cast<u8>(type), static_cast<u8>(bytes), true);
		}
	}
}

void descriptors_tell_the_command_set()
{
	for (u32 set = 0; set < 256; set++) {
		Rig &rig = started_rig();

		put(put(0, 3, 16, 1), 4, 1, static_cast<u8>(set));
		EXPECT_EQ(identify(rig), set ? NPP_EOPNOTSUPP : NPP_OK);
		EXPECT_EQ(rig.dev.count(NPP_EVENT_NS_COMMAND_SET), set != 0);
	}
}

// A descriptor that ends at the page's end counts, one byte longer does not.
void descriptors_end_with_the_page()
{
	for (u32 over = 0; over < 2; over++) {
		Rig &rig = started_rig();
		u32 at = 0;

		while (at + 4 + 255 <= 4096 - 20)
			at = put(at, 0x7f, 255, 0);
		at = put(at, 0x7f, static_cast<u8>(4096 - 20 - at - 4 + over), 0);
		EXPECT_EQ(at, 4076 + over);
		descriptors[at] = 2;
		descriptors[at + 1] = 16;
		descriptors[at + 4] = 0x22;
		EXPECT_EQ(identify(rig), NPP_OK);
		EXPECT_EQ(best_id(rig), over ? 0 : 2);
	}
}

// A header that would begin inside the last three bytes is not read.
void descriptors_need_room_for_a_header()
{
	for (u32 left = 0; left < 6; left++) {
		Rig &rig = started_rig();
		u32 at = 0;

		while (4096 - left - at > 4 + 255)
			at = put(at, 0x7f, 200, 0);
		at = put(at, 0x7f, static_cast<u8>(4096 - left - at - 4), 0);
		EXPECT_EQ(at, 4096 - left);
		for (u32 i = at; i < 4096; i++)
			descriptors[i] = 4; // looks like a header with a length
		EXPECT_EQ(identify(rig), NPP_OK);
	}
}

void descriptors_of_length_zero_end_the_list()
{
	Rig &rig = started_rig();

	put(put(0, 0x7f, 0, 0), 2, 16, 1);
	EXPECT_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(best_id(rig), 0);
}

void descriptors_that_are_refused_do_no_harm()
{
	Rig &rig = started_rig();
	fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

	f.verb = fake::Verb::error;
	f.arg = 0x4002;
	EXPECT_EQ(identify(rig), NPP_OK);
	EXPECT_EQ(f.fired, 1);
	EXPECT_EQ(best_id(rig), 0);
	EXPECT_EQ(rig.ns[0].blocks, 128);
}

// No answer to the first, or to the second command.
void descriptors_without_an_answer_are_an_error()
{
	for (u32 skip = 0; skip < 2; skip++) {
		Rig &rig = started_rig();
		fake::CompletionFault &f = rig.dev.controller.faults.completion[0];

		f.verb = fake::Verb::never;
		f.skip = skip;
		EXPECT_EQ(identify(rig), NPP_ETIMEDOUT);
		EXPECT_EQ(f.fired, 1);
	}
}

constexpr test::Case cases[] = {
	CASE(descriptors_of_nothing_give_no_id),
	CASE(descriptors_prefer_the_better_id_in_any_order),
	CASE(descriptors_of_a_wrong_length_are_skipped),
	CASE(descriptors_tell_the_command_set),
	CASE(descriptors_end_with_the_page),
	CASE(descriptors_need_room_for_a_header),
	CASE(descriptors_of_length_zero_end_the_list),
	CASE(descriptors_that_are_refused_do_no_harm),
	CASE(descriptors_without_an_answer_are_an_error),
};

} // namespace

constinit const test::Group test::descriptor_cases = test::group(cases);
