// SPDX-License-Identifier: GPL-2.0
// How a test case says what it expects. A failed expectation is reported and the
// case goes on; a failed requirement ends it.
#pragma once

#include "runner.h"

#include "lang.hpp"

namespace test
{

struct Case {
	const char *name;
	void (*run)();
};

struct Group {
	const Case *cases;
	u32 count;
};

template <u32 N> NPP_INLINE constexpr Group group(const Case (&cases)[N])
{
	return Group{cases, N};
}

// `for (u32 n : values(1u, 2u, 5u))' without <initializer_list>.
template <typename T, u32 N> struct Values {
	T v[N];

	NPP_INLINE constexpr const T *begin() const { return v; }
	NPP_INLINE constexpr const T *end() const { return v + N; }
};

template <typename T, typename... More>
NPP_INLINE constexpr Values<T, 1 + sizeof...(More)> values(T first, More... more)
{
	return {{first, more...}};
}

// For the report only: any integer, enumerator or bool.
template <typename T> NPP_INLINE constexpr u64 value(T v)
{
	if constexpr (__is_same(T, u64))
		return v;
	else
		return static_cast<u64>(v);
}

NPP_INLINE bool same_text(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

template <typename A, typename B>
NPP_INLINE bool equal(const A &a, const B &b, const char *file, int line, const char *what)
{
	const bool same = value(a) == value(b);

	if (!same)
		test_fail(file, line, what, value(a), value(b));
	return same;
}

NPP_INLINE bool truth(bool holds, const char *file, int line, const char *what)
{
	if (!holds)
		test_fail(file, line, what, 0, 1);
	return holds;
}

} // namespace test

#define CASE(function)              \
	{                           \
#function, function \
	}

#define EXPECT(condition) \
	static_cast<void>(test::truth(!!(condition), __FILE__, __LINE__, #condition))
#define EXPECT_EQ(a, b) static_cast<void>(test::equal((a), (b), __FILE__, __LINE__, #a " == " #b))

#define REQUIRE(condition)                                                       \
	do {                                                                     \
		if (!test::truth(!!(condition), __FILE__, __LINE__, #condition)) \
			return;                                                  \
	} while (0)
#define REQUIRE_EQ(a, b)                                                      \
	do {                                                                  \
		if (!test::equal((a), (b), __FILE__, __LINE__, #a " == " #b)) \
			return;                                               \
	} while (0)
