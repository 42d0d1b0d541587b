// SPDX-License-Identifier: GPL-2.0
// PRPs: the builder's output, word by word, against a second implementation that
// lays out the list of pages when it knows them all.

#include "corpus.hpp"
#include "random.hpp"

#include "prp.hpp"

#include <nvmepp/controller.h>

namespace
{

constexpr u32 MAX_LISTS = NPP_MAX_PRP_LISTS;
constexpr u32 MAX_PAGES = NPP_MAX_TRANSFER_BYTES / 4096 + 1;
constexpr u64 UNTOUCHED = 0xa5a5a5a5a5a5a5a5;
constexpr u64 LISTS_AT = 0x7'7700'0000; // bus address of the first list page
constexpr u64 DATA_AT = 0x5'0000'0000;

struct Segment {
	u64 addr;
	u32 bytes;
};

// Static: a kernel's stack has no room for it.
struct Bench {
	u64 *lists; // MAX_LISTS pages, one after the other
	u8 page_shift;
	u32 lists_used;
	npp_prp prp;
	npp_prp_step last;
	u64 pages[MAX_PAGES]; // the reference: every page of the transfer
	u32 page_count;

	u32 page_bytes() const { return 1u << page_shift; }
	u32 list_words() const { return page_bytes() / 8; }
};

Bench bench;

void prepare(u8 page_shift)
{
	bench.page_shift = page_shift;
	bench.lists = static_cast<u64 *>(test_alloc(u64{MAX_LISTS} << page_shift));
}

void begin(u32 bytes)
{
	bench.lists_used = 0;
	bench.page_count = 0;
	bench.last = NPP_PRP_NEXT;
	npp_prp_begin(&bench.prp, bytes, bench.page_shift);
	for (u32 i = 0; i < MAX_LISTS * bench.list_words(); i++)
		bench.lists[i] = UNTOUCHED;
}

void push(const Segment &s)
{
	const u64 mask = bench.page_bytes() - 1;

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
	for (u64 at = s.addr; at < s.addr + s.bytes; at = (at & ~mask) + bench.page_bytes())
		bench.pages[bench.page_count++] = at;
}

// The same by an array, in structures of somebody else's.
struct Foreign {
	u32 before;
	u32 bytes;
	u64 between;
	u64 addr;
	u64 after;
};

struct Array {
	Foreign all[MAX_PAGES];
	u32 count;
	u32 bytes;
};

Array array;

void collect(const Segment &s)
{
	const u64 mask = bench.page_bytes() - 1;

	array.all[array.count++] = Foreign{~0u, s.bytes, ~u64{0}, s.addr, ~u64{0}};
	for (u64 at = s.addr; at < s.addr + s.bytes; at = (at & ~mask) + bench.page_bytes())
		bench.pages[bench.page_count++] = at;
}

void begin_array(u32 bytes)
{
	begin(bytes);
	array.count = 0;
	array.bytes = bytes;
}

bool build_array(const Foreign *all = array.all)
{
	const npp_segment_layout layout = {
		.stride = sizeof(Foreign),
		.addr = __builtin_offsetof(Foreign, addr),
		.length = __builtin_offsetof(Foreign, bytes),
		.page_shift = bench.page_shift,
	};

	if (!npp_prp_one_list(all, array.count, &layout, array.bytes, bench.lists))
		return false;
	// as much room as was promised, and no more
	EXPECT_EQ(bench.lists[(array.bytes + bench.page_bytes() - 1) >> bench.page_shift],
		  UNTOUCHED);
	bench.lists_used = 1;
	bench.prp = npp_prp{};
	bench.prp.started = true;
	bench.prp.prp1 = array.all[0].addr;
	bench.prp.prp2 = LISTS_AT;
	return true;
}

u64 expected_word(u32 list, u32 word)
{
	const u32 per = bench.list_words(), entries = bench.page_count - 1;
	const u32 first = list * (per - 1); // pages before this list, but for PRP1
	const u32 last_list = (entries - 2) / (per - 1);
	const u32 here = first + word;

	if (bench.page_count < 3 || list > last_list)
		return UNTOUCHED;
	if (list < last_list && word == per - 1)
		return LISTS_AT + u64{list + 1} * bench.page_bytes();
	return here < entries ? bench.pages[1 + here] : UNTOUCHED;
}

void expect_prps()
{
	const u32 n = bench.page_count;

	EXPECT_EQ(bench.last, NPP_PRP_NEXT);
	EXPECT(npp_prp_finish(&bench.prp));
	EXPECT_EQ(bench.prp.prp1, bench.pages[0]);
	EXPECT_EQ(bench.prp.prp2, n == 1 ? 0 : n == 2 ? bench.pages[1] : LISTS_AT);
	EXPECT_EQ(bench.lists_used, n < 3 ? 0 : (n - 3) / (bench.list_words() - 1) + 1);
	for (u32 list = 0; list < MAX_LISTS; list++)
		for (u32 word = 0; word < bench.list_words(); word++) {
			const u64 found = bench.lists[list * bench.list_words() + word];

			if (found != expected_word(list, word)) {
				EXPECT_EQ(found, expected_word(list, word));
				return;
			}
		}
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

void random_transfer(test::Random &random, bool arrays)
{
	const u32 page = bench.page_bytes();
	const u32 most =
		(arrays ? NPP_PRP_LIST_REACH(bench.page_shift) : NPP_MAX_TRANSFER_BYTES) / page;
	const u32 at_most =
		most < NPP_MAX_TRANSFER_BYTES / page ? most : NPP_MAX_TRANSFER_BYTES / page;
	const u32 pages = 1 + random.below(random.below(4) ? 8 : at_most - 1);
	u32 left = pages * page;
	u32 offset = random.below(2) ? 4 * random.below(page / 4) : 0;

	left -= offset + 4 * random.below((page - offset) / 4);
	begin_array(left);
	for (u64 at = DATA_AT; left; at += 16 * u64{NPP_MAX_TRANSFER_BYTES}) {
		const u64 addr = at + u64{random.below(1000)} * page + offset;
		u32 bytes = page * (1 + random.below(random.below(2) ? 3 : at_most)) - offset;

		bytes = bytes < left ? bytes : left;
		if (arrays)
			collect({addr, bytes});
		else
			push({addr, bytes});
		left -= bytes;
		offset = 0;
	}
	if (arrays && array.count < 3)
		return; // not for this function
	EXPECT(!arrays || build_array());
	expect_prps();
}

void prp_random_transfers_match_the_reference()
{
	test::Random random(1);

	for (u8 shift : test::values(u8{12}, u8{13}, u8{14}, u8{16})) {
		prepare(shift);
		for (u32 i = 0; i < 400; i++)
			random_transfer(random, false);
	}
}

void prp_random_arrays_match_the_reference()
{
	test::Random random(2);

	for (u8 shift : test::values(u8{12}, u8{13}, u8{14}, u8{16})) {
		prepare(shift);
		for (u32 i = 0; i < 800; i++)
			random_transfer(random, true);
	}
}

// Every count of single pages as an array, with the last page whole or short,
// and the first one begun late.
void prp_arrays_of_every_count_of_pages()
{
	prepare(12);
	for (u32 n = 3; n <= 513; n++) {
		for (u32 cut : test::values(0u, 512u, 4092u)) {
			const u32 late = n % 3 == 0 || n == 513 ? 512 : 0;

			if (n * 4096 - late - cut > NPP_PRP_LIST_REACH(12))
				continue;
			begin_array(n * 4096 - late - cut);
			for (u32 i = 0; i < n; i++)
				collect({DATA_AT + u64{n - i} * 8192 + (i ? 0 : late),
					 4096 - (i ? 0 : late) - (i == n - 1 ? cut : 0)});
			EXPECT(build_array());
			expect_prps();
		}
	}
}

void eight_pages(u32 announced, u32 stride)
{
	begin_array(announced);
	for (u32 i = 0; i < 8; i++)
		array.all[array.count++] = Foreign{0, 4096, 0, DATA_AT + u64{i} * stride, 0};
}

void prp_arrays_that_cannot_be_described_are_refused()
{
	prepare(12);
	for (u32 bad = 0; bad < 8; bad++) {
		eight_pages(8 * 4096, 8192);
		EXPECT(build_array());
		if (bad) {
			array.all[bad].addr += 512; // starts inside a page
			EXPECT(!build_array());
		}
		eight_pages(8 * 4096 - 512, 8192);
		array.all[bad].bytes -= 512; // ends inside one
		EXPECT_EQ(build_array(), bad == 7);
		eight_pages(7 * 4096, 8192);
		array.all[bad].bytes = 0;
		EXPECT(!build_array());
		eight_pages(8 * 4096, 1 << 20);
		array.all[bad].bytes = 9 * 4096; // more than was announced
		EXPECT(!build_array());
		eight_pages(8 * 4096, 1 << 20);
		array.all[bad].bytes = 2 * 4096;
		EXPECT(!build_array());
	}
	eight_pages(7 * 4096, 8192); // more than was announced
	EXPECT(!build_array());
	EXPECT_EQ(bench.lists[7], UNTOUCHED);
	eight_pages(5 * 4096, 8192);
	EXPECT(!build_array());
	EXPECT_EQ(bench.lists[5], UNTOUCHED);
	eight_pages(5 * 4096, 1 << 20); // in one piece, after the first and after the second
	array.all[1].bytes = 7 * 4096;
	array.count = 2;
	EXPECT(!build_array());
	EXPECT_EQ(bench.lists[5], UNTOUCHED);
	eight_pages(5 * 4096, 1 << 20);
	array.all[0].bytes = 4 * 4096;
	array.all[1].bytes = 4 * 4096;
	array.count = 2;
	EXPECT(!build_array());
	EXPECT_EQ(bench.lists[5], UNTOUCHED);
	eight_pages(3 * 4096 - 512, 8192); // the first ends inside its page
	array.all[0].bytes = 4096 - 512;
	array.count = 3;
	EXPECT(!build_array());
	eight_pages(3 * 4096, 8192); // the same, and all the entries that there should be
	array.all[0].bytes = 4096 - 512;
	array.count = 3;
	EXPECT(!build_array());
	eight_pages(4 * 4096, 1 << 20); // the first is all of it, and more follow
	array.all[0].bytes = 4 * 4096;
	EXPECT(!build_array());
	EXPECT_EQ(bench.lists[4], UNTOUCHED);
	eight_pages(4 * 4096, 1 << 20); // all in one, whole
	array.all[0].bytes = 4 * 4096;
	array.count = 1;
	EXPECT(!build_array());
	eight_pages(10 * 4096, 8192); // less; sanitizers see who looks for more behind it
	Foreign *exactly = static_cast<Foreign *>(test_alloc(8 * sizeof(Foreign)));

	__builtin_memcpy(exactly, array.all, 8 * sizeof(Foreign));
	EXPECT(!build_array(exactly));
	eight_pages(9 * 4096 - 512, 1 << 20); // the first ends inside its second page
	array.all[0].bytes = 2 * 4096 - 512;
	EXPECT(!build_array());
	eight_pages(4096, 8192); // the first is all there should be
	EXPECT(!build_array());
}

// More pages than the list has entries, one by one and in one piece.
void prp_arrays_stay_within_their_list()
{
	prepare(12);
	for (u32 whole : test::values(0u, 1u)) {
		begin_array(600 * 4096);
		for (u32 i = 0; i < 600; i++)
			array.all[array.count++] = Foreign{0, 4096, 0, DATA_AT + i * u64{8192}, 0};
		if (whole) {
			array.count = 3;
			array.all[1].bytes = 598 * 4096;
		}
		EXPECT(!build_array());
		EXPECT_EQ(bench.lists[512], UNTOUCHED);
	}
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

constexpr test::Case cases[] = {
	CASE(prp_every_offset_and_length_class_4k),
	CASE(prp_every_offset_and_length_class_8k),
	CASE(prp_every_offset_and_length_class_64k),
	CASE(prp_every_count_of_pages),
	CASE(prp_largest_transfer_takes_the_announced_lists),
	CASE(prp_random_transfers_match_the_reference),
	CASE(prp_random_arrays_match_the_reference),
	CASE(prp_arrays_of_every_count_of_pages),
	CASE(prp_arrays_that_cannot_be_described_are_refused),
	CASE(prp_arrays_stay_within_their_list),
	CASE(prp_refuses_what_it_cannot_describe),
	CASE(prp_wants_its_list_before_it_goes_on),
	CASE(prp_is_finished_only_when_all_bytes_came),
	CASE(second_page_of_every_offset_and_length),
};

} // namespace

constinit const test::Group test::prp_cases = test::group(cases);
