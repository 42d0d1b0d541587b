// SPDX-License-Identifier: GPL-2.0
// Bit fields of registers and wire structures, written (high, low) as the
// specification prints them.
#pragma once

#include "lang.hpp"

namespace npp
{

template <typename Raw, unsigned High, unsigned Low> struct Field {
	static_assert(High >= Low && High < 8 * sizeof(Raw));

	static constexpr Raw max = static_cast<Raw>(~Raw{0}) >>
				   (8 * sizeof(Raw) - 1 - (High - Low));
	static constexpr Raw mask = static_cast<Raw>(max << Low);

	NPP_INLINE static constexpr Raw get(Raw raw)
	{
		return static_cast<Raw>((raw >> Low) & max);
	}

	// The field's bits in place; what does not fit is cut.
	NPP_INLINE static constexpr Raw of(Raw value)
	{
		return static_cast<Raw>((value & max) << Low);
	}

	NPP_INLINE static constexpr Raw replace(Raw raw, Raw value)
	{
		return static_cast<Raw>((raw & ~mask) | of(value));
	}
};

} // namespace npp
