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
};

// What is known of one tag.
class Slot {
public:
	// A new submission: the next generation.  Returns the command id.
	NPP_INLINE static constexpr u16 begin(u16 &slot, u16 tag)
	{
		const u16 generation = static_cast<u16>((slot + 1) & CommandId::GENERATION::max);

		slot = static_cast<u16>(IN_FLIGHT | generation);
		return CommandId::make(tag, generation);
	}

	NPP_INLINE static constexpr bool matches(u16 slot, u16 cid)
	{
		return slot == (IN_FLIGHT | CommandId::GENERATION::get(cid));
	}

	NPP_INLINE static constexpr bool in_flight(u16 slot) { return slot & IN_FLIGHT; }

	NPP_INLINE static constexpr u16 id(u16 slot, u16 tag) { return CommandId::make(tag, slot); }

	// Over, keeping the generation for the next one.
	NPP_INLINE static constexpr void end(u16 &slot)
	{
		slot = static_cast<u16>(slot & ~IN_FLIGHT);
	}

private:
	static constexpr u16 IN_FLIGHT = 0x8000;
};

} // namespace npp
