// SPDX-License-Identifier: GPL-2.0
/*
 * Something that a file of sysfs or debugfs sets off, between two marks for the plugin that counts
 * (qemu-tests/perf/count.c); prints how many nanoseconds it took.
 *
 *   counted FILE TEXT [UNTIL]
 *
 * It is over when the write is, and the file UNTIL is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"
#include "tool.h"

#define LONGEST_MS 60000u

static void wait_for(const char *path)
{
	for (unsigned int ms = 0; access(path, F_OK); ms++) {
		if (ms == LONGEST_MS)
			tool_die(TOOL_FAILED, "no %s after %u ms", path, LONGEST_MS);
		tool_sleep_ms(1);
	}
}

int main(int argc, char **argv)
{
	uint64_t begun;
	ssize_t length;
	int fd;

	if (argc != 3 && argc != 4)
		tool_die(TOOL_USAGE, "FILE TEXT [UNTIL]");
	fd = open(argv[1], O_WRONLY);
	if (fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));
	length = (ssize_t)strlen(argv[2]);
	begun = tool_now_ns();
	mark_start();
	if (write(fd, argv[2], (size_t)length) != length)
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));
	if (argc == 4)
		wait_for(argv[3]);
	mark_stop();
	printf("%llu\n", (unsigned long long)(tool_now_ns() - begun));
	return TOOL_OK;
}
