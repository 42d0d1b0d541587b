/* SPDX-License-Identifier: GPL-2.0 */
/* What every guest tool needs: giving up with one clear line, numbers, the clock. */
#ifndef TOOL_H
#define TOOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Exit statuses: a test tells "the tool was used wrongly" from "the device did wrong". */
enum tool_status {
	TOOL_OK = 0,
	TOOL_FAILED = 1,
	TOOL_USAGE = 2,
};

void tool_die(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* A decimal or 0x number, optionally with k, M or G; anything else is a usage error. */
uint64_t tool_number(const char *text, const char *what);

/* Zeroed memory that this process shares with the children that it has afterwards. */
void *tool_shared(size_t length);

/*
 * Called by a child after fork(): it ends with @parent, also when @parent ended before the call.
 * A child that stays would keep its parent's nodes open, and a reader of its output waiting.
 */
void tool_end_with(pid_t parent);

uint64_t tool_now_ns(void);
void tool_sleep_ms(unsigned int ms);

#endif
