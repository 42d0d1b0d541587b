// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the corpus in a kernel: one KUnit suite with one parameterised case, the
 * parameters being the cases of the corpus.
 */

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "runner.h"

/* Failures that a case may print; a loop would fill the log with the rest. */
#define NPP_TEST_SHOWN 5

/*
 * What the case that runs has allocated.  The blocks are apart from what they
 * describe, whose edges are watched.
 */
struct npp_test_block {
	struct npp_test_block *next;
	void *memory;
};

static struct kunit *npp_test;
static struct npp_test_block *npp_test_blocks;
static unsigned int npp_test_failures;

/* vmalloc: page-aligned, and KASAN sees the first byte beyond either end. */
void *test_alloc(u64 bytes)
{
	struct npp_test_block *block = kmalloc(sizeof(*block), GFP_KERNEL);

	/* Ends the case: C++ without unwinding has nothing to clean up. */
	KUNIT_ASSERT_NOT_NULL(npp_test, block);
	block->memory = vzalloc(bytes);
	block->next = npp_test_blocks;
	npp_test_blocks = block;
	KUNIT_ASSERT_NOT_NULL(npp_test, block->memory);
	return block->memory;
}

void test_free_all(void)
{
	while (npp_test_blocks) {
		struct npp_test_block *block = npp_test_blocks;

		npp_test_blocks = block->next;
		vfree(block->memory);
		kfree(block);
	}
}

void test_fail(const char *file, int line, const char *what, u64 a, u64 b)
{
	if (npp_test_failures++ >= NPP_TEST_SHOWN)
		return;
	KUNIT_FAIL(npp_test, "%s:%d: %s (%#llx, %#llx)", kbasename(file), line, what, a, b);
}

/* KUnit carries the number of the case around as the address of a parameter. */
static const void *npp_test_next(const void *previous, char *name)
{
	const unsigned long index = (unsigned long)previous;

	if (index == test_case_count())
		return NULL;
	strscpy(name, test_case_name(index), KUNIT_PARAM_DESC_SIZE);
	return (const void *)(index + 1);
}

static void corpus(struct kunit *test)
{
	test_case_run((unsigned long)test->param_value - 1);
}

static int npp_test_init(struct kunit *test)
{
	npp_test = test;
	npp_test_failures = 0;
	return 0;
}

static void npp_test_exit(struct kunit *test)
{
	test_free_all();
}

static struct kunit_case npp_test_cases[] = {
	KUNIT_CASE_PARAM(corpus, npp_test_next),
	{}
};

static struct kunit_suite npp_test_suite = {
	.name = "nvmepp",
	.init = npp_test_init,
	.exit = npp_test_exit,
	.test_cases = npp_test_cases,
};
kunit_test_suite(npp_test_suite);

MODULE_DESCRIPTION("Tests of nvmepp's core on a fake controller");
MODULE_LICENSE("GPL");
