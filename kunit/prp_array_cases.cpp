// SPDX-License-Identifier: GPL-2.0
// PRPs of segments that are all known, in an array: one list, at once.

#include "prp_bench.hpp"

namespace
{

using namespace test::prp;

// In structures of somebody else's.
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
	array.all[array.count++] = Foreign{~0u, s.bytes, ~u64{0}, s.addr, ~u64{0}};
	note_pages(s);
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

u32 smaller(u32 a, u32 b)
{
	return a < b ? a : b;
}

void random_array(test::Random &random)
{
	const u32 most = smaller(NPP_PRP_LIST_REACH(bench.page_shift), NPP_MAX_TRANSFER_BYTES);

	random_segments(random, most / bench.page_bytes(), begin_array, collect);
	if (array.count < 3)
		return; // not for this function
	EXPECT(build_array());
	expect_prps();
}

void prp_random_arrays_match_the_reference()
{
	make_at_random(2, 800, random_array);
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
	eight_pages(10 * 4096, 8192); // less; sanitizers see a read behind it
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

constexpr test::Case cases[] = {
	CASE(prp_random_arrays_match_the_reference),
	CASE(prp_arrays_of_every_count_of_pages),
	CASE(prp_arrays_that_cannot_be_described_are_refused),
	CASE(prp_arrays_stay_within_their_list),
};

} // namespace

constinit const test::Group test::prp_array_cases = test::group(cases);
