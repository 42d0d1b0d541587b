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
	for (u16 tag : test::values(u16{0}, u16{77}, u16{4095})) {
		u16 slot = Slot::fresh(tag);

		EXPECT(!Slot::in_flight(slot, tag));
		for (u32 n = 1; n <= 40; n++) {
			const u16 id = Slot::begin(slot, tag);

			EXPECT_EQ(id, (n & 15) << 12 | tag);
			EXPECT(Slot::in_flight(slot, tag));
			EXPECT_EQ(slot, id);
			Slot::end(slot);
			EXPECT(!Slot::in_flight(slot, tag));
		}
	}
}

// Of all 65536 ids one matches, in flight only: afterwards none of this tag does.
void slot_matches_its_own_id_only()
{
	for (u32 generation = 0; generation < 16; generation++) {
		for (u16 tag : test::values(u16{0}, u16{5}, u16{4095})) {
			u16 slot = CommandId::make(static_cast<u16>(~tag),
						   static_cast<u16>(generation - 1));
			const u16 id = Slot::begin(slot, tag);

			EXPECT_EQ(id, generation << 12 | tag);
			for (u32 other = 0; other < 65536; other++)
				EXPECT_EQ(Slot::matches(slot, static_cast<u16>(other)),
					  other == id);
			Slot::end(slot);
			for (u32 other = tag; other < 65536; other += 4096)
				EXPECT(!Slot::matches(slot, static_cast<u16>(other)));
		}
	}
}

void slot_keeps_its_generation_when_it_ends()
{
	u16 slot = Slot::fresh(1);

	Slot::forget(slot, 1); // nothing is in flight
	EXPECT(!Slot::in_flight(slot, 1));
	Slot::begin(slot, 1);
	Slot::forget(slot, 1);
	EXPECT(!Slot::in_flight(slot, 1));
	Slot::forget(slot, 1); // a second end changes nothing
	EXPECT(!Slot::in_flight(slot, 1));
	EXPECT_EQ(Slot::begin(slot, 1), 2 << 12 | 1);
}

constexpr test::Case cases[] = {
	CASE(command_id_holds_tag_and_generation),
	CASE(slot_takes_the_next_generation_each_time),
	CASE(slot_matches_its_own_id_only),
	CASE(slot_keeps_its_generation_when_it_ends),
};

} // namespace

constinit const test::Group test::command_id_cases = test::group(cases);
