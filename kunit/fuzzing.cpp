// SPDX-License-Identifier: GPL-2.0
// The runner's side for fuzz targets: a failure ends the process, which is what
// libFuzzer takes for a finding.

#include "fuzzing.hpp"

#include <cstdio>
#include <cstdlib>
#include <csignal>
#include <cstring>
#include <sanitizer/asan_interface.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

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

fuzzing::ChangingPage changing;
u8 contents[2][4096];
u32 loads;
bool changes;

#ifdef __x86_64__
constexpr long SINGLE_STEP = 1 << 8; // EFLAGS.TF

// The load that faulted is executed alone; then the page is another one.
void load_begins(int, siginfo_t *info, void *context)
{
	const u8 *at = static_cast<u8 *>(info->si_addr);

	if (!changes || at < changing.host || at >= changing.host + 4096) {
		signal(SIGSEGV, SIG_DFL);
		return;
	}
	mprotect(changing.host, 4096, PROT_READ);
	static_cast<ucontext_t *>(context)->uc_mcontext.gregs[REG_EFL] |= SINGLE_STEP;
}

void load_ended(int, siginfo_t *, void *context)
{
	static_cast<ucontext_t *>(context)->uc_mcontext.gregs[REG_EFL] &= ~SINGLE_STEP;
	loads++;
	memcpy(changing.device, contents[loads % 2], 4096);
	mprotect(changing.host, 4096, PROT_NONE);
}

void trap_loads()
{
	struct sigaction action = {};

	action.sa_flags = SA_SIGINFO;
	action.sa_sigaction = load_begins;
	sigaction(SIGSEGV, &action, nullptr);
	action.sa_sigaction = load_ended;
	sigaction(SIGTRAP, &action, nullptr);
	mprotect(changing.host, 4096, PROT_NONE);
}
#else
void trap_loads() {}
#endif

} // namespace

namespace fuzzing
{

// The same memory twice, so that the fake device's stores are not the CPU's loads.
const ChangingPage &changing_page()
{
	if (changing.host)
		return changing;
	const int fd = memfd_create("changing-page", 0);

	if (fd < 0 || ftruncate(fd, 4096))
		abort();
	changing.host = static_cast<u8 *>(mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0));
	changing.device =
		static_cast<u8 *>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	if (changing.host == MAP_FAILED || changing.device == MAP_FAILED)
		abort();
	return changing;
}

void begin_changes(const u8 (&other)[4096])
{
	memcpy(contents[0], changing.device, 4096);
	memcpy(contents[1], other, 4096);
	loads = 0;
	changes = true;
	trap_loads();
}

u32 end_changes()
{
	if (changes)
		mprotect(changing.host, 4096, PROT_READ);
	changes = false;
	return loads;
}

} // namespace fuzzing

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
