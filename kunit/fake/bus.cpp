// SPDX-License-Identifier: GPL-2.0
// See bus.hpp.

#include "bus.hpp"

#include "../runner.h"

namespace fake
{

namespace
{
constexpr u64 FIRST_SINGLE = u64{1} << 20;            // as page number: 4 GiB
constexpr u64 FIRST_RANGE = FIRST_SINGLE + (1 << 20); // 8 GiB
constexpr u32 SINGLES = 1u << 18;
constexpr u32 SCATTER = 40503; // odd, hence every single page is used once
} // namespace

void Bus::reset()
{
	epoch++;
	singles = 0;
	next_range = FIRST_RANGE;
	used = 0;
	violation_count = 0;
	tolerant = false;
}

void Bus::violate(const char *what, u64 a, u64 b)
{
	violation_count++;
	if (!tolerant)
		test_fail("fake device", 0, what, a, b);
}

// One page: scattered, never beside another. Several: one range, then a hole.
u64 Bus::choose(u64 pages)
{
	if (pages == 1)
		return FIRST_SINGLE + u64{(singles++ * SCATTER) % SINGLES} * 2;

	const u64 page = next_range;
	next_range += pages + 1;
	return page;
}

Bus::Entry *Bus::find(u64 page)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		Entry &e = table[(page + i) % ENTRIES];

		if (e.epoch != epoch)
			return nullptr;
		if (e.page == page)
			return &e;
	}
	return nullptr;
}

void Bus::insert(u64 page, u8 *host, Access access)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		Entry &e = table[(page + i) % ENTRIES];

		if (e.epoch != epoch || !e.host) {
			e = Entry{page, host, epoch, access};
			used++;
			return;
		}
	}
	violate("bus: the page table is full", page, 0);
}

u64 Bus::map(void *host, u64 bytes, Access access)
{
	const u64 pages = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
	const u64 first = choose(pages);

	for (u64 i = 0; i < pages; i++)
		insert(first + i, static_cast<u8 *>(host) + i * PAGE_BYTES, access);
	return first * PAGE_BYTES;
}

void Bus::unmap(u64 bus, u64 bytes)
{
	for (u64 done = 0; done < bytes; done += PAGE_BYTES) {
		Entry *e = find((bus + done) / PAGE_BYTES);

		if (!e || !e->host) {
			violate("bus: unmap of what is not mapped", bus + done, 0);
			return;
		}
		e->host = nullptr;
		used--;
	}
}

u8 *Bus::translate(u64 bus, Access access)
{
	const Entry *e = find(bus / PAGE_BYTES);

	if (!e || !e->host) {
		violate("bus: access to an unmapped address", bus, 0);
		return nullptr;
	}
	if (!(static_cast<u8>(e->access) & static_cast<u8>(access))) {
		violate("bus: access in the wrong direction", bus, static_cast<u64>(access));
		return nullptr;
	}
	return e->host + bus % PAGE_BYTES;
}

template <typename Copy> bool Bus::transfer(u64 bus, u32 bytes, Access access, Copy copy)
{
	for (u32 done = 0; done < bytes;) {
		const u32 room = PAGE_BYTES - static_cast<u32>((bus + done) % PAGE_BYTES);
		const u32 piece = bytes - done < room ? bytes - done : room;
		u8 *host = translate(bus + done, access);

		if (!host)
			return false;
		copy(host, done, piece);
		done += piece;
	}
	return true;
}

bool Bus::read(u64 bus, void *to, u32 bytes)
{
	return transfer(bus, bytes, Access::read, [&](u8 *host, u32 done, u32 piece) {
		__builtin_memcpy(static_cast<u8 *>(to) + done, host, piece);
	});
}

bool Bus::write(u64 bus, const void *from, u32 bytes)
{
	return transfer(bus, bytes, Access::write, [&](u8 *host, u32 done, u32 piece) {
		__builtin_memcpy(host, static_cast<const u8 *>(from) + done, piece);
	});
}

} // namespace fake
