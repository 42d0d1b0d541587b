// SPDX-License-Identifier: GPL-2.0

#include "prp_bench.hpp"

namespace test::prp
{

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

void note_pages(const Segment &s)
{
	const u64 mask = bench.page_bytes() - 1;

	for (u64 at = s.addr; at < s.addr + s.bytes; at = (at & ~mask) + bench.page_bytes())
		bench.pages[bench.page_count++] = at;
}

static u64 expected_word(u32 list, u32 word)
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

void random_segments(Random &random, u32 most, void (*start)(u32 bytes),
		     void (*each)(const Segment &))
{
	const u32 page = bench.page_bytes();
	const u32 pages = 1 + random.below(random.below(4) ? 8 : most - 1);
	u32 left = pages * page;
	u32 offset = random.below(2) ? 4 * random.below(page / 4) : 0;

	left -= offset + 4 * random.below((page - offset) / 4);
	start(left);
	for (u64 at = DATA_AT; left; at += 16 * u64{NPP_MAX_TRANSFER_BYTES}) {
		const u64 addr = at + u64{random.below(1000)} * page + offset;
		u32 bytes = page * (1 + random.below(random.below(2) ? 3 : most)) - offset;

		bytes = bytes < left ? bytes : left;
		each(Segment{addr, bytes});
		left -= bytes;
		offset = 0;
	}
}

void make_at_random(u64 seed, u32 times, void (*make)(Random &))
{
	Random random(seed);

	for (u8 shift : test::values(u8{12}, u8{13}, u8{14}, u8{16})) {
		prepare(shift);
		for (u32 i = 0; i < times; i++)
			make(random);
	}
}

} // namespace test::prp
