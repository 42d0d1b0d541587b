/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the test corpus (freestanding C++) and its runners: host_main.cpp
 * on the development machine, kunit_main.c in the kernel.
 */
#ifndef NVMEPP_KUNIT_RUNNER_H
#define NVMEPP_KUNIT_RUNNER_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The corpus gives: numbered cases, run one at a time. */
u32 test_case_count(void);
const char *test_case_name(u32 index);
void test_case_run(u32 index);

/*
 * The runner gives: zeroed, page-aligned memory that lives until the case is
 * over or frees all of it, and whose edges a sanitizer watches; never NULL ...
 */
void *test_alloc(u64 bytes);
void test_free_all(void);

/* ... and a place to report to.  @a and @b are the values that were compared. */
void test_fail(const char *file, int line, const char *what, u64 a, u64 b);

#ifdef __cplusplus
}
#endif

#endif
