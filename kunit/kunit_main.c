// SPDX-License-Identifier: GPL-2.0
/*
 * The suites for KUnit: nvmepp_NAME for each NAME_cases.cpp, with its cases as KUnit's,
 * so that `kunit.py' and kunit.filter_glob can choose them (nvmepp_ring.*).
 */

#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <kunit/test.h>

#include "runner.h"
#include "suites.h"

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

#define MAX_CASES 512

/* Static, since KUnit looks at them until after the module's exit. */
static struct kunit_case cases[MAX_CASES];

/* The case of @test: KUnit hands its name back. */
static void run_case(struct kunit *test)
{
	const struct kunit_case *c = cases;
	u32 s, i;

	running = test;
	for (s = 0; s < test_suite_count(); s++, c++) {
		for (i = 0; i < test_case_count(s); i++, c++) {
			if (c->name == test->name)
				test_case_run(s, i);
		}
	}
	test_free_all();
	running = NULL;
}

#define SUITE(suite_name) static struct kunit_suite suite_name = { .name = "nvmepp_" #suite_name };
NPP_SUITES(SUITE)

#define ADDRESS(suite_name) &suite_name,
static struct kunit_suite *const suites[] = { NPP_SUITES(ADDRESS) };

kunit_test_suites(NPP_SUITES(ADDRESS));

/* Each suite's cases, ended by an empty one.  KUnit runs them after this. */
static int __init kunit_main_init(void)
{
	struct kunit_case *c = cases;
	u32 s, i;

	for (s = 0; s < test_suite_count(); s++) {
		suites[s]->test_cases = c;
		for (i = 0; i < test_case_count(s); i++) {
			if (c == &cases[MAX_CASES - 1]) {
				pr_err("nvmepp_kunit: more than %d cases\n", MAX_CASES);
				return -ENOSPC;
			}
			c->run_case = run_case;
			c->name = test_case_name(s, i);
			c++;
		}
		c++;
	}
	return 0;
}
module_init(kunit_main_init);

static void __exit kunit_main_exit(void)
{
}
module_exit(kunit_main_exit);

MODULE_DESCRIPTION("nvmepp's unit tests");
MODULE_LICENSE("GPL");
