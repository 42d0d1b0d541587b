// SPDX-License-Identifier: GPL-2.0
// Command identifiers: every tag, every generation, every wrong id.

#include "corpus.hpp"

#include "command_id.hpp"

namespace
{

using npp::CommandId;
using npp::Slot;

void command_id_holds_tag_and_generation()
{
	for (u32 tag = 0; tag < 4096; tag++) {
		for (u32 generation = 0; generation < 16; generation++) {
			const u16 id = CommandId::make(static_cast<u16>(tag),
						       static_cast<u16>(generation));

			EXPECT_EQ(id, generation << 12 | tag);
			EXPECT_EQ(CommandId::TAG::get(id), tag);
			EXPECT_EQ(CommandId::GENERATION::get(id), generation);
		}
	}
}

void slot_takes_the_next_generation_each_time()
{
	u16 slot = 0;

	for (u32 n = 1; n <= 40; n++) {
		const u16 id = Slot::begin(slot, 77);

		EXPECT_EQ(id, (n & 15) << 12 | 77);
		EXPECT(Slot::in_flight(slot));
		EXPECT_EQ(Slot::id(slot, 77), id);
		Slot::end(slot);
		EXPECT(!Slot::in_flight(slot));
	}
}

// Of all 65536 ids with the tag's slot, one generation matches, in flight only.
void slot_matches_its_own_generation_only()
{
	for (u32 generation = 0; generation < 16; generation++) {
		u16 slot = static_cast<u16>((generation - 1) & 15);
		const u16 id = Slot::begin(slot, 5);
		u32 matches = 0;

		for (u32 other = 0; other < 65536; other++) {
			const bool match = Slot::matches(slot, static_cast<u16>(other));

			EXPECT_EQ(match, other >> 12 == generation);
			matches += match;
		}
		EXPECT_EQ(matches, 4096); // the tag is the index, not part of the slot
		EXPECT(Slot::matches(slot, id));
		Slot::end(slot);
		for (u32 other = 0; other < 65536; other++)
			EXPECT(!Slot::matches(slot, static_cast<u16>(other)));
	}
}

void slot_keeps_its_generation_when_it_ends()
{
	u16 slot = 0;

	Slot::begin(slot, 1);
	Slot::end(slot);
	Slot::end(slot); // a second end changes nothing
	EXPECT_EQ(Slot::begin(slot, 1), 2 << 12 | 1);
}

constexpr test::Case cases[] = {
	CASE(command_id_holds_tag_and_generation),
	CASE(slot_takes_the_next_generation_each_time),
	CASE(slot_matches_its_own_generation_only),
	CASE(slot_keeps_its_generation_when_it_ends),
};

} // namespace

constinit const test::Group test::command_id_cases = test::group(cases);
