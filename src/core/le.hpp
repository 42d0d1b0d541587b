// SPDX-License-Identifier: GPL-2.0
// Little-endian integers as they lie on the wire.  There is no way from an
// integer to a wire integer but set(), and none back but get(), so a missing
// conversion does not compile.
#pragma once

#include "lang.hpp"

namespace npp
{

NPP_INLINE constexpr u16 swap_bytes(u16 v)
{
	return __builtin_bswap16(v);
}
NPP_INLINE constexpr u32 swap_bytes(u32 v)
{
	return __builtin_bswap32(v);
}
NPP_INLINE constexpr u64 swap_bytes(u64 v)
{
	return __builtin_bswap64(v);
}

template <typename T> class Le {
public:
	NPP_INLINE constexpr T get() const { return convert(raw); }
	NPP_INLINE constexpr void set(T v) { raw = convert(v); }

	// One load, of what may change meanwhile; it orders nothing.
	NPP_INLINE T get_once() const { return convert(__atomic_load_n(&raw, __ATOMIC_RELAXED)); }

	// One store, of what another may read meanwhile; it orders nothing.
	NPP_INLINE void set_once(T v) { __atomic_store_n(&raw, convert(v), __ATOMIC_RELAXED); }

private:
	NPP_INLINE static constexpr T convert(T v)
	{
		if constexpr (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
			return swap_bytes(v);
		else
			return v;
	}

	T raw;
};

using Le16 = Le<u16>;
using Le32 = Le<u32>;
using Le64 = Le<u64>;

} // namespace npp
