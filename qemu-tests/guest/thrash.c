// SPDX-License-Identifier: GPL-2.0
/*
 * More memory than the machine has, so that it has to swap, and each page compared:
 *
 *   thrash MIB MS
 *
 * writes a number of its own into each page of so much memory, then reads pages at random,
 * compares and renews them until the time is over, and reads all of them once more. Prints
 * "pages=N reads=N mismatches=N longest_ms=N"; exits with 0 only if no page was wrong. The longest
 * is the time of one page, from which its wait for the disk follows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tool.h"

#define PAGE		4096u
#define WORDS		(PAGE / sizeof(uint64_t))
#define MIB		(1024u * 1024)
#define NS_PER_MS	1000000u
#define MOST_MIB	65536u

struct thrash {
	uint64_t *memory;
	uint64_t *expected;	/* of each page */
	uint64_t pages;
	uint64_t random;
	uint64_t reads;
	uint64_t mismatches;
	uint64_t longest_ns;
};

/* xorshift64 */
static uint64_t next(struct thrash *t)
{
	t->random ^= t->random << 13;
	t->random ^= t->random >> 7;
	t->random ^= t->random << 17;
	return t->random;
}

/* The first and last word of a page hold its number: an exchanged page is wrong, too. */
static void put(struct thrash *t, uint64_t page)
{
	t->expected[page] = next(t);
	t->memory[page * WORDS] = t->expected[page];
	t->memory[page * WORDS + WORDS - 1] = t->expected[page] ^ page;
}

static void check(struct thrash *t, uint64_t page)
{
	const uint64_t started_ns = tool_now_ns();
	const uint64_t *const words = t->memory + page * WORDS;

	if (words[0] != t->expected[page] || words[WORDS - 1] != (t->expected[page] ^ page))
		t->mismatches++;
	t->reads++;
	if (tool_now_ns() - started_ns > t->longest_ns)
		t->longest_ns = tool_now_ns() - started_ns;
}

static void run(struct thrash *t, uint64_t ms)
{
	const uint64_t end_ns = tool_now_ns() + ms * NS_PER_MS;
	uint64_t page;

	for (page = 0; page < t->pages; page++)
		put(t, page);
	while (tool_now_ns() < end_ns) {
		page = next(t) % t->pages;
		check(t, page);
		put(t, page);
	}
	for (page = 0; page < t->pages; page++)
		check(t, page);
}

int main(int argc, char **argv)
{
	struct thrash t = { .random = 0x9e3779b97f4a7c15u };
	uint64_t mib, ms;

	if (argc != 3)
		tool_die(TOOL_USAGE, "MIB MS");
	mib = tool_number(argv[1], "MIB");
	ms = tool_number(argv[2], "MS");
	if (!mib || mib > MOST_MIB)
		tool_die(TOOL_USAGE, "MIB: 1 to %u", MOST_MIB);
	t.pages = mib * MIB / PAGE;
	t.random ^= mib << 32 | ms;
	t.expected = calloc(t.pages, sizeof(*t.expected));
	t.memory = mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
	if (!t.expected || t.memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "no memory");
	run(&t, ms);
	printf("pages=%" PRIu64 " reads=%" PRIu64 " mismatches=%" PRIu64
	       " longest_ms=%" PRIu64 "\n",
	       t.pages, t.reads, t.mismatches, t.longest_ns / NS_PER_MS);
	return t.mismatches ? TOOL_FAILED : TOOL_OK;
}
