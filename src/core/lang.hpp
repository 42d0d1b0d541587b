// SPDX-License-Identifier: GPL-2.0
// The few things of the language's library that a freestanding core needs.
#pragma once

#include <nvmepp/types.h>

// A header function that two objects emit becomes a COMDAT group, whose second
// copy `ld -r` drops while __mcount_loc and .return_sites still point at it.
// Hence: always inlined, or internal linkage.
#define NPP_INLINE [[gnu::always_inline]] inline

#define NPP_LIKELY(x) __builtin_expect(!!(x), 1)
#define NPP_UNLIKELY(x) __builtin_expect(!!(x), 0)

NPP_INLINE void *operator new(decltype(sizeof(0)), void *place) noexcept
{
	return place;
}

namespace npp
{

template <typename T> NPP_INLINE constexpr T min(T a, T b)
{
	return b < a ? b : a;
}

template <typename T> NPP_INLINE constexpr T max(T a, T b)
{
	return a < b ? b : a;
}

// The object that lives in storage which C owns.
template <typename T, typename Storage> NPP_INLINE T &object_in(Storage *storage)
{
	static_assert(sizeof(T) <= sizeof(Storage) && alignof(T) <= alignof(Storage));
	return *reinterpret_cast<T *>(storage);
}

template <typename T, typename Storage> NPP_INLINE const T &object_in(const Storage *storage)
{
	static_assert(sizeof(T) <= sizeof(Storage) && alignof(T) <= alignof(Storage));
	return *reinterpret_cast<const T *>(storage);
}

} // namespace npp
