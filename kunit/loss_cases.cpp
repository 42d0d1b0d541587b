// SPDX-License-Identifier: GPL-2.0
// Kinds of lost interrupts.

#include "corpus.hpp"

#include <nvmepp/loss.h>

namespace
{

// In the order of precedence; bit n of a mask stands for row n.
constexpr npp_loss classes[] = {NPP_LOSS_UNDELIVERABLE, NPP_LOSS_MASKED, NPP_LOSS_MESSAGE,
				NPP_LOSS_PENDING,       NPP_LOSS_INTX,   NPP_LOSS_EARLY};

void loss_class_is_the_first_explanation_that_fits()
{
	for (u32 mask = 0; mask < 64; mask++) {
		npp_loss_facts f{};
		npp_loss expected = NPP_LOSS_SILENT;

		f.undeliverable = mask & 1;
		f.masked = mask & 2;
		f.message_differs = mask & 4;
		f.pending = mask & 8;
		f.intx_asserted = mask & 16;
		f.came_early = mask & 32;
		for (u32 i = 6; i-- > 0;)
			if (mask & 1u << i)
				expected = classes[i];
		EXPECT_EQ(npp_loss_class(&f), expected);
	}
}

void loss_names_are_distinct()
{
	for (u32 a = 0; a < NPP_LOSSES; a++)
		for (u32 b = 0; b <= NPP_LOSSES; b++)
			EXPECT_EQ(test::same_text(npp_loss_name(static_cast<npp_loss>(a)),
						  npp_loss_name(static_cast<npp_loss>(b))),
				  a == b);
	EXPECT(test::same_text(npp_loss_name(NPP_LOSSES), "unknown"));
}

void loss_pending_bit_is_read_within_the_bar_only()
{
	struct Expected {
		u32 pba;
		u16 vector;
		u64 bar_bytes;
		bool there;
		u32 offset;
	};
	static constexpr Expected table[] = {
		{0x3000, 0, 0x4000, true, 0x3000},
		{0x3000, 31, 0x4000, true, 0x3000},
		{0x3000, 32, 0x4000, true, 0x3004},
		{0x3000, 2047, 0x4000, true, 0x30fc},
		{0x3001, 0, 0x4000, false, 0},      // in BAR 1
		{0x3004, 0, 0x4000, false, 0},      // in BAR 4
		{0x3ff8, 32, 0x4000, true, 0x3ffc}, // the last dword
		{0x3ff8, 64, 0x4000, false, 0},     // the one after it
		{0x4000, 0, 0x4000, false, 0},
		{0xfffffff8, 0, 0x4000, false, 0},
		{0xfffffff8, 32, 0x4000, false, 0}, // its end is 0 in 32 bits
		{0xfffffff8, 64, 0x4000, false, 0}, // it is 0 in 32 bits
		{0xfffffff8, 32, u64{1} << 32, true, 0xfffffffc},
	};

	for (const Expected &e : table) {
		u32 offset;

		EXPECT_EQ(npp_pba_dword(e.pba, e.vector, e.bar_bytes, &offset), e.there);
		if (e.there)
			EXPECT_EQ(offset, e.offset);
	}
}

constexpr test::Case cases[] = {
	CASE(loss_class_is_the_first_explanation_that_fits),
	CASE(loss_names_are_distinct),
	CASE(loss_pending_bit_is_read_within_the_bar_only),
};

} // namespace

constinit const test::Group test::loss_cases = test::group(cases);
