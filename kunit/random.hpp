// SPDX-License-Identifier: GPL-2.0
// Numbers that poll random and are the same in every run.
#pragma once

#include "lang.hpp"

namespace test
{

class Random {
public:
	NPP_INLINE explicit constexpr Random(u64 seed) : state(seed * 2 + 1) {}

	NPP_INLINE constexpr u64 next()
	{
		state ^= state >> 12;
		state ^= state << 25;
		state ^= state >> 27;
		return state * 0x2545f4914f6cdd1d;
	}

	// 0..below - 1
	NPP_INLINE constexpr u32 below(u32 limit)
	{
		return static_cast<u32>((next() >> 33) % limit);
	}

private:
	u64 state;
};

} // namespace test
