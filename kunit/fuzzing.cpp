// SPDX-License-Identifier: GPL-2.0
// The runner's side for fuzz targets: a failure ends the process, which is what
// libFuzzer takes for a finding.

#include "fuzzing.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sanitizer/asan_interface.h>

namespace
{

// Blocks are kept from one input to the next, poisoned meanwhile: the allocator
// would take most of the time.
struct Block {
	void *memory;
	u64 bytes;
	bool used;
};

constexpr unsigned MAX_BLOCKS = 1024;
Block blocks[MAX_BLOCKS];

Block *find_block(u64 bytes)
{
	for (Block &b : blocks)
		if (!b.memory || (!b.used && b.bytes == bytes))
			return &b;
	abort();
}

} // namespace

extern "C" {

void *test_alloc(u64 bytes)
{
	Block *b = find_block(bytes);

	if (!b->memory && posix_memalign(&b->memory, 4096, bytes))
		abort();
	b->bytes = bytes;
	b->used = true;
	ASAN_UNPOISON_MEMORY_REGION(b->memory, bytes);
	memset(b->memory, 0, bytes);
	return b->memory;
}

void test_free_all()
{
	for (Block &b : blocks) {
		if (!b.memory)
			return;
		b.used = false;
		ASAN_POISON_MEMORY_REGION(b.memory, b.bytes);
	}
}

void test_fail(const char *file, int line, const char *what, u64 a, u64 b)
{
	fprintf(stderr, "%s:%d: %s (%#llx, %#llx)\n", file, line, what, a, b);
	abort();
}

} // extern "C"
