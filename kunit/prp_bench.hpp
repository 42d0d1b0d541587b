// SPDX-License-Identifier: GPL-2.0
// What PRPs are judged by: the list of pages of a transfer, laid out by a second
// implementation that knows them all.
#pragma once

#include "corpus.hpp"
#include "random.hpp"

#include "prp.hpp"

#include <nvmepp/controller.h>

namespace test::prp
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

// Static: a kernel's stack has no room for it.
extern Bench bench;

// For pages of that size, with room for all lists.
void prepare(u8 page_shift);
// A transfer of @bytes: no list is touched, and no page known.
void begin(u32 bytes);
// The reference's: the pages of the transfer's next segment.
void note_pages(const Segment &s);
// Whether the PRPs are those of the pages, and nothing else has been written.
void expect_prps();
// The segments of a transfer by chance of at most @most pages: begun by @start with its
// bytes, then given to @each.
void random_segments(Random &random, u32 most, void (*start)(u32 bytes),
		     void (*each)(const Segment &));

// @make, so often for each page size, after prepare(); by chance, the same each time.
void make_at_random(u64 seed, u32 times, void (*make)(Random &));

} // namespace test::prp
