// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a file again and again, and says what it has been:
 *
 *   reread FILE MS		until SIGTERM, or for so long
 *
 * One line for each content that there was, with how often, and a last one
 * "contents=N reads=N". A file that cannot be read is an error.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define MAX_CONTENTS	8
#define MAX_BYTES	512

struct content {
	char text[MAX_BYTES];
	ssize_t bytes;
	uint64_t times;
};

static struct content contents[MAX_CONTENTS];
static unsigned int count;
static volatile sig_atomic_t told_to_end;

static void end_soon(int signal)
{
	(void)signal;
	told_to_end = 1;
}

static void note(const char *text, ssize_t bytes)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (contents[i].bytes == bytes && !memcmp(contents[i].text, text, (size_t)bytes))
			break;
	}
	if (i == MAX_CONTENTS)
		tool_die(TOOL_FAILED, "more than %u different contents", MAX_CONTENTS);
	if (i == count) {
		contents[count].bytes = bytes;
		memcpy(contents[count++].text, text, (size_t)bytes);
	}
	contents[i].times++;
}

int main(int argc, char **argv)
{
	char text[MAX_BYTES];
	uint64_t end, reads = 0;
	unsigned int i;
	int fd;

	if (argc != 3)
		tool_die(TOOL_USAGE, "FILE MS");
	end = tool_now_ns() + tool_number(argv[2], "MS") * 1000000;
	signal(SIGTERM, end_soon);
	fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		tool_die(TOOL_FAILED, "%s: cannot be opened: %m", argv[1]);
	do {
		ssize_t bytes = pread(fd, text, sizeof(text), 0);

		if (bytes < 0)
			tool_die(TOOL_FAILED, "%s: cannot be read: %m", argv[1]);
		note(text, bytes);
		reads++;
	} while (!told_to_end && tool_now_ns() < end);
	for (i = 0; i < count; i++)
		printf("times=%llu '%.*s'\n", (unsigned long long)contents[i].times,
		       (int)strcspn(contents[i].text, "\n"), contents[i].text);
	printf("contents=%u reads=%llu\n", count, (unsigned long long)reads);
	return TOOL_OK;
}
