// SPDX-License-Identifier: GPL-2.0
// Command identifiers: 12 bits of tag, 4 bits of generation, so that a late or
// repeated completion for a tag that is in use again is known as such (upstream
// e7006de6c238 does the same).
#pragma once

#include "bits.hpp"

namespace npp
{

class CommandId {
public:
	using TAG = Field<u16, 11, 0>;
	using GENERATION = Field<u16, 15, 12>;

	NPP_INLINE static constexpr u16 make(u16 tag, u16 generation)
	{
		return static_cast<u16>(GENERATION::of(generation) | TAG::of(tag));
	}

	// Of an id, or of a word that begins with one.
	NPP_INLINE static constexpr u32 tag(u32 cid) { return cid & TAG::mask; }
};

// What is known of one tag, in one word so that one comparison decides whether a
// completion is of the command in flight: its command id, with the tag's bits
// inverted while nothing is in flight, which then matches no id of that tag.
class Slot {
public:
	NPP_INLINE static constexpr u16 fresh(u16 tag) { return CommandId::make(invert(tag), 0); }

	// A new submission: the next generation.  Returns the command id.
	NPP_INLINE static constexpr u16 begin(u16 &slot, u16 tag)
	{
		const u16 step = CommandId::GENERATION::of(1);

		slot = static_cast<u16>(((slot & CommandId::GENERATION::mask) + step) | tag);
		return slot;
	}

	NPP_INLINE static constexpr bool matches(u16 slot, u16 cid) { return slot == cid; }

	NPP_INLINE static constexpr bool in_flight(u16 slot, u32 tag)
	{
		return CommandId::tag(slot) == tag;
	}

	NPP_INLINE static constexpr u16 last_id(u16 slot, u16 tag)
	{
		return static_cast<u16>((slot & CommandId::GENERATION::mask) | tag);
	}

	// Of what is in flight: over, keeping the generation for the next one.
	NPP_INLINE static constexpr void end(u16 &slot) { slot = invert(slot); }

	// The same, whether or not something is.
	NPP_INLINE static constexpr void forget(u16 &slot, u16 tag)
	{
		if (in_flight(slot, tag))
			end(slot);
	}

private:
	NPP_INLINE static constexpr u16 invert(u16 slot)
	{
		return static_cast<u16>(slot ^ CommandId::TAG::mask);
	}
};

} // namespace npp
