/* SPDX-License-Identifier: GPL-2.0 */
/* What is between these two is counted (qemu-tests/perf/count.c). */
#ifndef MARK_H
#define MARK_H

/* Instructions that do nothing; the plugin knows them. */
static inline void mark_start(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long 0x4e560100" ::: "memory");
}

static inline void mark_stop(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long 0x4e560200" ::: "memory");
}

#endif
