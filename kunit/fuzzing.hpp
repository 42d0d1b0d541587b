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

// A page that a device goes on writing: no two loads by the CPU see the same of its two contents
// (x86-64; elsewhere it does not change).  @host is what the core reads, @device what the fake
// controller writes.
struct ChangingPage {
	u8 *host;
	u8 *device;
};

const ChangingPage &changing_page();
// From now on every load is followed by a change between what the page holds and @other.
void begin_changes(const u8 (&other)[4096]);
// Returns how many loads there were.
u32 end_changes();

} // namespace fuzzing

#define MUST(condition)                                                  \
	do {                                                             \
		if (!(condition))                                        \
			test_fail(__FILE__, __LINE__, #condition, 0, 1); \
	} while (0)
