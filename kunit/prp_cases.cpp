// SPDX-License-Identifier: GPL-2.0
// PRPs of segments that come one by one: the builder's output, word by word.

#include "prp_bench.hpp"

namespace
{

using namespace test::prp;

void push(const Segment &s)
{
	bench.last = npp_prp_push(&bench.prp, s.addr, s.bytes);
	while (bench.last == NPP_PRP_NEED_LIST) {
		const u32 n = bench.lists_used++;

		if (n == MAX_LISTS) {
			test_fail(__FILE__, __LINE__, "more lists than NPP_MAX_PRP_LISTS", n, 0);
			bench.last = NPP_PRP_BAD;
			return;
		}
		bench.last = npp_prp_add_list(&bench.prp, bench.lists + n * bench.list_words(),
					      LISTS_AT + u64{n} * bench.page_bytes());
	}
	note_pages(s);
}

// One segment from @offset in its page.
void one_segment(u32 offset, u32 bytes)
{
	if (!bytes || bytes > NPP_MAX_TRANSFER_BYTES)
		return;
	begin(bytes);
	push({DATA_AT + offset, bytes});
	expect_prps();
}

template <typename Each> void every_offset_class(u32 page, Each each)
{
	const u32 offsets[] = {0, 4, 8, 512, page / 2, page - 512, page - 8, page - 4};

	for (u32 offset : offsets)
		each(offset);
}

// Around every boundary where the form of the PRPs changes.
void every_length_class(u8 page_shift)
{
	prepare(page_shift);
	const u32 page = bench.page_bytes(), per = bench.list_words();
	const u32 pages[] = {1,       2,           3,           4,       per - 1,     per,  per + 1,
			     per + 2, 2 * per - 2, 2 * per - 1, 2 * per, 2 * per + 1, 1024, 1023};

	every_offset_class(page, [&](u32 offset) {
		one_segment(offset, 4);
		for (u32 n : pages) {
			if (n > NPP_MAX_TRANSFER_BYTES / page)
				continue;
			one_segment(offset, n * page);
			one_segment(offset, n * page - offset);
			one_segment(offset, n * page - offset + 4);
			one_segment(offset, n * page - offset - 4);
		}
	});
}

void prp_every_offset_and_length_class_4k()
{
	every_length_class(12);
}

void prp_every_offset_and_length_class_8k()
{
	every_length_class(13);
}

void prp_every_offset_and_length_class_64k()
{
	every_length_class(16);
}

void prp_every_count_of_pages()
{
	prepare(12);
	for (u32 n = 1; n <= NPP_MAX_TRANSFER_BYTES / 4096; n++) {
		begin(n * 4096);
		for (u32 i = 0; i < n; i++) // descending: no two of them contiguous
			push({DATA_AT + u64{n - i} * 8192, 4096});
		expect_prps();
	}
}

void prp_largest_transfer_takes_the_announced_lists()
{
	prepare(12);
	one_segment(4, NPP_MAX_TRANSFER_BYTES);
	EXPECT_EQ(bench.page_count, 1025);
	EXPECT_EQ(bench.lists_used, NPP_MAX_PRP_LISTS);
}

void random_transfer(test::Random &random)
{
	random_segments(random, NPP_MAX_TRANSFER_BYTES / bench.page_bytes(), begin, push);
	expect_prps();
}

void prp_random_transfers_match_the_reference()
{
	make_at_random(1, 400, random_transfer);
}

void prp_refuses_what_it_cannot_describe()
{
	npp_prp p;

	npp_prp_begin(&p, 8192, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 0), NPP_PRP_BAD);
	npp_prp_begin(&p, 8192, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 8193), NPP_PRP_BAD); // more than announced
	npp_prp_begin(&p, 3 * 4096, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 4 * 4096), NPP_PRP_BAD);
	npp_prp_begin(&p, 8192, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 4092), NPP_PRP_BAD); // ends inside a page
	npp_prp_begin(&p, 8192, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 4096), NPP_PRP_NEXT);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT + 8196, 4096), NPP_PRP_BAD); // starts inside one
	npp_prp_begin(&p, 4096, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 4096), NPP_PRP_NEXT);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 4), NPP_PRP_BAD); // it was all there already
}

void prp_wants_its_list_before_it_goes_on()
{
	npp_prp p;
	u64 *list = static_cast<u64 *>(test_alloc(4096));

	npp_prp_begin(&p, 5 * 4096, 12);
	EXPECT_EQ(npp_prp_add_list(&p, list, LISTS_AT), NPP_PRP_BAD); // not asked for
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 3 * 4096), NPP_PRP_NEED_LIST);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 2 * 4096), NPP_PRP_BAD);
	EXPECT_EQ(npp_prp_add_list(&p, list, LISTS_AT), NPP_PRP_NEXT);
	EXPECT_EQ(npp_prp_add_list(&p, list, LISTS_AT), NPP_PRP_BAD);
	EXPECT(!npp_prp_finish(&p));
	EXPECT_EQ(npp_prp_push(&p, DATA_AT + 65536, 2 * 4096), NPP_PRP_NEXT);
	EXPECT(npp_prp_finish(&p));
}

void prp_is_finished_only_when_all_bytes_came()
{
	npp_prp p;

	npp_prp_begin(&p, 8192, 12);
	EXPECT(!npp_prp_finish(&p));
	npp_prp_push(&p, DATA_AT, 4096);
	EXPECT(!npp_prp_finish(&p));
	npp_prp_push(&p, DATA_AT + 8192, 4096);
	EXPECT(npp_prp_finish(&p));
	npp_prp_begin(&p, 12288, 12);
	EXPECT_EQ(npp_prp_push(&p, DATA_AT, 12288), NPP_PRP_NEED_LIST);
	EXPECT(!npp_prp_finish(&p)); // the list never came
}

void second_page_of_every_offset_and_length()
{
	for (u8 shift : test::values(u8{12}, u8{16})) {
		const u32 page = 1u << shift;

		for (u32 offset = 0; offset < page; offset += 4) {
			const u32 room = page - offset;
			const u64 at = DATA_AT + offset;

			EXPECT_EQ(npp::second_page(at, 4, page - 1), 0);
			EXPECT_EQ(npp::second_page(at, room, page - 1), 0);
			EXPECT_EQ(npp::second_page(at, room + 4, page - 1), DATA_AT + page);
			EXPECT_EQ(npp::second_page(at, room + page, page - 1), DATA_AT + page);
		}
	}
}

constexpr u64 GUARD_AT = 0x7'8800'0000;
constexpr u64 SINK_AT = 0x7'9900'0000;

// The page that a controller finds as number @n of a transfer which it takes for longer than
// two pages: all but the first by lists.
u64 page_by_lists(const u64 *guard, u32 n)
{
	const u32 last = bench.list_words() - 1;
	u64 list = bench.prp.prp2;

	if (!n)
		return bench.prp.prp1;
	for (n--; n >= last; n -= last) {
		const u64 *from = list == GUARD_AT ? guard : bench.lists + (list - LISTS_AT) / 8;

		list = from[last];
	}
	return (list == GUARD_AT ? guard : bench.lists + (list - LISTS_AT) / 8)[n];
}

void prp_guard_takes_what_is_beyond()
{
	static u64 guard[512];

	prepare(12);
	const u32 per = bench.list_words();
	const u32 pages[] = {1, 3, 4, per - 1, per, per + 2, 2 * per - 1};

	for (const u32 count : pages) {
		begin(count * bench.page_bytes());
		push({DATA_AT, count * bench.page_bytes()});
		EXPECT(npp_prp_finish(&bench.prp));
		npp_prp_guard(&bench.prp, guard, GUARD_AT, SINK_AT);
		if (count == 1) // one that believes in two pages takes PRP2 for data
			EXPECT_EQ(bench.prp.prp2, GUARD_AT);
		for (u32 n = 0; n < count; n++)
			EXPECT_EQ(page_by_lists(guard, n), DATA_AT + u64{n} * bench.page_bytes());
		for (u32 n = count; n < count + 3 * per; n++)
			EXPECT_EQ(page_by_lists(guard, n), SINK_AT);
	}
}

// Data has the place of the next pointer: it stays there.
void prp_guard_leaves_data_in_its_place()
{
	static u64 guard[512];

	prepare(12);
	const u32 pages[] = {2, bench.list_words() + 1};

	for (const u32 count : pages) {
		begin(count * bench.page_bytes());
		push({DATA_AT, count * bench.page_bytes()});
		npp_prp_guard(&bench.prp, guard, GUARD_AT, SINK_AT);
		expect_prps();
	}
}

constexpr test::Case cases[] = {
	CASE(prp_every_offset_and_length_class_4k),
	CASE(prp_every_offset_and_length_class_8k),
	CASE(prp_every_offset_and_length_class_64k),
	CASE(prp_every_count_of_pages),
	CASE(prp_largest_transfer_takes_the_announced_lists),
	CASE(prp_random_transfers_match_the_reference),
	CASE(prp_refuses_what_it_cannot_describe),
	CASE(prp_wants_its_list_before_it_goes_on),
	CASE(prp_is_finished_only_when_all_bytes_came),
	CASE(prp_guard_takes_what_is_beyond),
	CASE(prp_guard_leaves_data_in_its_place),
	CASE(second_page_of_every_offset_and_length),
};

} // namespace

constinit const test::Group test::prp_cases = test::group(cases);
