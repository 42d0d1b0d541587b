// SPDX-License-Identifier: GPL-2.0
/*
 * One ioctl of <linux/pr.h>, persistent reservations:
 *
 *   pr DISK register OLD NEW FLAGS
 *   pr DISK reserve | release KEY TYPE FLAGS
 *   pr DISK preempt | preempt-abort KEY OTHER TYPE
 *   pr DISK clear KEY
 *
 * prints "ret=N error=NAME".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/pr.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tool.h"

#define MOST_NUMBERS	3

static int send(int fd, const char *verb, const uint64_t *n)
{
	struct pr_registration registration = {
		.old_key = n[0], .new_key = n[1], .flags = n[2]
	};
	struct pr_reservation reservation = { .key = n[0], .type = n[1], .flags = n[2] };
	struct pr_preempt preempt = { .old_key = n[0], .new_key = n[1], .type = n[2] };
	struct pr_clear clear = { .key = n[0] };

	if (!strcmp(verb, "register"))
		return ioctl(fd, IOC_PR_REGISTER, &registration);
	if (!strcmp(verb, "reserve"))
		return ioctl(fd, IOC_PR_RESERVE, &reservation);
	if (!strcmp(verb, "release"))
		return ioctl(fd, IOC_PR_RELEASE, &reservation);
	if (!strcmp(verb, "preempt"))
		return ioctl(fd, IOC_PR_PREEMPT, &preempt);
	if (!strcmp(verb, "preempt-abort"))
		return ioctl(fd, IOC_PR_PREEMPT_ABORT, &preempt);
	if (!strcmp(verb, "clear"))
		return ioctl(fd, IOC_PR_CLEAR, &clear);
	tool_die(TOOL_USAGE, "there is no '%s'", verb);
}

int main(int argc, char **argv)
{
	uint64_t numbers[MOST_NUMBERS] = { 0 };
	int fd, ret;

	if (argc < 3 || argc > 3 + MOST_NUMBERS)
		tool_die(TOOL_USAGE, "DISK VERB [NUMBER]...");
	for (int i = 3; i < argc; i++)
		numbers[i - 3] = tool_number(argv[i], "a number");
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));
	errno = 0;
	ret = send(fd, argv[2], numbers);
	printf("ret=%d error=%s\n", ret, ret < 0 ? strerrorname_np(errno) : "0");
	return TOOL_OK;
}
