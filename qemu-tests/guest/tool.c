// SPDX-License-Identifier: GPL-2.0
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

extern const char *program_invocation_short_name;

void tool_die(int status, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

static unsigned int suffix_shift(const char *suffix)
{
	static const char units[] = "kMG";
	const char *unit;

	if (!*suffix)
		return 0;
	unit = strchr(units, *suffix);
	if (!unit || suffix[1])
		return 64;
	return 10 * (unsigned int)(unit - units + 1);
}

uint64_t tool_number(const char *text, const char *what)
{
	char *end;
	uint64_t value;
	unsigned int shift;

	errno = 0;
	value = strtoull(text, &end, 0);
	shift = suffix_shift(end);
	if (errno || end == text || *text == '-' || shift >= 64 || value > UINT64_MAX >> shift)
		tool_die(TOOL_USAGE, "%s: '%s' is not a number (decimal or 0x, optional k, M, G)",
			 what, text);
	return value << shift;
}

void *tool_shared(size_t length)
{
	void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		tool_die(TOOL_FAILED, "no memory: %s", strerror(errno));
	return memory;
}

void tool_end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent ended first, and the signal would never come. */
	if (getppid() != parent)
		_exit(TOOL_OK);
}

uint64_t tool_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void tool_sleep_ms(unsigned int ms)
{
	struct timespec pause = {
		.tv_sec = ms / 1000,
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};

	while (nanosleep(&pause, &pause) && errno == EINTR)
		;
}
