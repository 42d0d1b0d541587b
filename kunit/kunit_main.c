// SPDX-License-Identifier: GPL-2.0
/*
 * The corpus as a KUnit suite: one parameter a case, so that each has its line in
 * the kernel log.
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

/* A parameter is the case's number, plus one: NULL ends the list. */
static const void *next_case(const void *previous, char *name)
{
	const unsigned long number = (unsigned long)previous;

	if (number >= test_case_count())
		return NULL;
	strscpy(name, test_case_name(number), KUNIT_PARAM_DESC_SIZE);
	return (const void *)(number + 1);
}

static void corpus(struct kunit *test)
{
	running = test;
	test_case_run((unsigned long)test->param_value - 1);
	test_free_all();
	running = NULL;
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(corpus, next_case),
	{}
};

static struct kunit_suite suite = {
	.name = "nvmepp",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("nvmepp's unit tests");
MODULE_LICENSE("GPL");
