// SPDX-License-Identifier: GPL-2.0
// The suites as the runners see them: numbered, each with numbered cases.

#include "corpus.hpp"

namespace
{

struct Suite {
	const char *name;
	const test::Group *group;
};

#define NPP_SUITE(name) {#name, &test::name##_cases},
constexpr Suite suites[] = {NPP_SUITES(NPP_SUITE)};
#undef NPP_SUITE

} // namespace

extern "C" {

u32 test_suite_count()
{
	return sizeof(suites) / sizeof(suites[0]);
}

const char *test_suite_name(u32 suite)
{
	return suites[suite].name;
}

u32 test_case_count(u32 suite)
{
	return suites[suite].group->count;
}

const char *test_case_name(u32 suite, u32 index)
{
	return suites[suite].group->cases[index].name;
}

void test_case_run(u32 suite, u32 index)
{
	suites[suite].group->cases[index].run();
}

} // extern "C"
