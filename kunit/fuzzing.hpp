// SPDX-License-Identifier: GPL-2.0
// What the fuzz targets share: the input as a stream, and invariants that stop
// the run where they break.
#pragma once

#include "runner.h"

namespace fuzzing
{

// The input, a little at a time; when it is used up there are only zeroes.
class Input {
public:
	Input(const u8 *bytes, unsigned long size) : at(bytes), left(size) {}

	bool empty() const { return !left; }

	u8 byte()
	{
		if (!left)
			return 0;
		left--;
		return *at++;
	}

	u32 word()
	{
		u32 v = 0;

		for (u32 i = 0; i < 4; i++)
			v |= u32{byte()} << 8 * i;
		return v;
	}

	u32 below(u32 limit) { return byte() % limit; }

	void fill(u8 *to, u32 bytes)
	{
		for (u32 i = 0; i < bytes; i++)
			to[i] = byte();
	}

private:
	const u8 *at;
	unsigned long left;
};

} // namespace fuzzing

#define MUST(condition)                                                  \
	do {                                                             \
		if (!(condition))                                        \
			test_fail(__FILE__, __LINE__, #condition, 0, 1); \
	} while (0)
