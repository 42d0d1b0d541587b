// SPDX-License-Identifier: GPL-2.0
// Runs the corpus on the development machine.
//
//   host-tests [--quiet] [--stop] [--list] [NAME...]
//
// --stop ends with the first case that fails. NAME: a case, or the start of some.

#include "runner.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace
{

constexpr unsigned MAX_BLOCKS = 1 << 16;
constexpr unsigned SHOWN = 5; // failures a case may print

void *blocks[MAX_BLOCKS];
unsigned block_count;
unsigned failures; // of the case that runs
char first_failure[512];

bool wanted(const char *name, int argc, char **argv)
{
	bool any = false;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			continue;
		any = true;
		if (!strncmp(name, argv[i], strlen(argv[i])))
			return true;
	}
	return !any;
}

bool has_option(const char *option, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], option))
			return true;
	return false;
}

bool run(u32 index, bool quiet)
{
	const char *name = test_case_name(index);

	failures = 0;
	test_case_run(index);
	test_free_all();
	if (failures)
		printf("not ok %s - %s\n", name, first_failure);
	else if (!quiet)
		printf("ok %s\n", name);
	fflush(stdout);
	return !failures;
}

} // namespace

extern "C" {

void *test_alloc(u64 bytes)
{
	void *block = nullptr;

	if (block_count == MAX_BLOCKS || posix_memalign(&block, 4096, bytes)) {
		fprintf(stderr, "no memory for a test\n");
		abort();
	}
	memset(block, 0, bytes);
	blocks[block_count++] = block;
	return block;
}

void test_free_all()
{
	while (block_count)
		free(blocks[--block_count]);
}

void test_fail(const char *file, int line, const char *what, u64 a, u64 b)
{
	char text[sizeof(first_failure)];
	const char *base = strrchr(file, '/');

	snprintf(text, sizeof(text), "%s:%d: %s (%#llx, %#llx)", base ? base + 1 : file, line, what,
		 a, b);
	if (!failures++)
		memcpy(first_failure, text, sizeof(text));
	if (failures <= SHOWN)
		printf("# %s\n", text);
}

} // extern "C"

int main(int argc, char **argv)
{
	const bool quiet = has_option("--quiet", argc, argv);
	const bool stop = has_option("--stop", argc, argv);
	const bool list = has_option("--list", argc, argv);
	unsigned passed = 0, failed = 0;

	for (u32 i = 0; i < test_case_count(); i++) {
		if (!wanted(test_case_name(i), argc, argv) || (stop && failed))
			continue;
		if (list)
			puts(test_case_name(i));
		else
			(run(i, quiet) ? passed : failed)++;
	}
	if (list)
		return 0;
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
