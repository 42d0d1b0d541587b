// SPDX-License-Identifier: GPL-2.0
// The fake bus: a page table between what the device addresses and host memory.
// A bus address is never the pointer, lies above 4 GiB, and two pages that are
// neighbours in memory are not on the bus unless they were mapped as one
// allocation. So a PRP list in the wrong order, one entry too many or an address
// used after it was unmapped cannot go unnoticed.
#pragma once

#include "lang.hpp"

namespace fake
{

constexpr u32 PAGE_BYTES = 4096;

// What the device may do with a page.
enum class Access : u8 { none = 0, read = 1, write = 2, both = 3 };

class Bus {
public:
	void reset();

	// Map @bytes (rounded up to pages) of page-aligned host memory as one
	// contiguous range; returns its bus address.
	u64 map(void *host, u64 bytes, Access access = Access::both);
	void unmap(u64 bus, u64 bytes);

	// What the device does. False, and a violation, if any byte of the range is
	// not mapped for it; then nothing is transferred from there on.
	bool read(u64 bus, void *to, u32 bytes);
	bool write(u64 bus, const void *from, u32 bytes);

	NPP_INLINE u32 violations() const { return violation_count; }
	NPP_INLINE u32 mapped_pages() const { return used; }
	// For the tests of the bus itself: count, do not fail the case.
	NPP_INLINE void tolerate_violations() { tolerant = true; }

	// Where the device's rules were broken by the host.
	void violate(const char *what, u64 a, u64 b);

private:
	struct Entry {
		u64 page;  // bus page number
		u8 *host;  // nullptr: unmapped again
		u32 epoch; // an entry of another epoch was never used
		Access access;
	};

	static constexpr u32 ENTRIES = 1u << 14;

	Entry *find(u64 page);
	void insert(u64 page, u8 *host, Access access);
	u64 choose(u64 pages);
	u8 *translate(u64 bus, Access access);
	template <typename Copy> bool transfer(u64 bus, u32 bytes, Access access, Copy copy);

	Entry table[ENTRIES];
	u32 epoch;   // of the table: reset() need not touch it all
	u32 singles; // single pages ever mapped
	u64 next_range;
	u32 used;
	u32 violation_count;
	bool tolerant;
};

} // namespace fake
