// SPDX-License-Identifier: GPL-2.0
/*
 * The corpus in KUnit: a suite nvmepp_<file> for each <file>_cases.cpp, whose cases are
 * KUnit's: kunit.py filters by these names.
 */

#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <kunit/test.h>

#include "runner.h"

/* Cases run one at a time. */
static struct kunit *running;
static LIST_HEAD(blocks);

struct block {
	struct list_head entry;
	void *memory;
};

/* vmalloc's pages end in a hole, and KASAN watches the rest of the last one. */
void *test_alloc(u64 bytes)
{
	struct block *b = vmalloc(sizeof(*b));
	void *memory = vzalloc(bytes);

	if (!b || !memory)
		panic("no memory for a test\n");
	b->memory = memory;
	list_add(&b->entry, &blocks);
	return memory;
}

void test_free_all(void)
{
	struct block *b, *next;

	list_for_each_entry_safe(b, next, &blocks, entry) {
		list_del(&b->entry);
		vfree(b->memory);
		vfree(b);
	}
}

void test_fail(const char *file, int line, const char *what, u64 a, u64 b)
{
	KUNIT_FAIL(running, "%s:%d: %s (%#llx, %#llx)", kbasename(file), line, what, a, b);
}

static void run(struct kunit *test, const char *name)
{
	u32 i = 0;

	while (i < test_case_count() && strcmp(test_case_name(i), name))
		i++;
	if (i == test_case_count()) {
		KUNIT_FAIL(test, "corpus.cpp does not list its file");
		return;
	}
	running = test;
	test_case_run(i);
	test_free_all();
	running = NULL;
}

/*
 * suites.h, which kbuild makes of the tables in *_cases.cpp, has a SUITE of CASEs for each.
 * Linux 6.1 reads suites before any code of the module runs: they have to be data.
 */
#define SUITE(file, cases) cases
#define CASE(name) static void name(struct kunit *test) { run(test, #name); }
#include "suites.h"
#undef CASE
#undef SUITE

static void every_case_is_in_a_suite(struct kunit *test);

#define CASE(name) KUNIT_CASE(name),
#define SUITE(file, cases)					\
	static struct kunit_case file##_cases[] = { cases {} };	\
	static struct kunit_suite file##_suite = {		\
		.name = "nvmepp_" #file,			\
		.test_cases = file##_cases,			\
	};							\
	kunit_test_suite(file##_suite)
#include "suites.h"
SUITE(corpus, CASE(every_case_is_in_a_suite));
#undef SUITE

/* One that suites.h lacks would not run, and nobody would notice. */
#define SUITE(file, cases) (in_suites += ARRAY_SIZE(file##_cases) - 1)
static void every_case_is_in_a_suite(struct kunit *test)
{
	u32 in_suites = 0;

#include "suites.h"
	KUNIT_EXPECT_EQ(test, test_case_count(), in_suites);
}

MODULE_DESCRIPTION("nvmepp's unit tests");
MODULE_LICENSE("GPL");
