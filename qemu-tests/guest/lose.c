// SPDX-License-Identifier: GPL-2.0
/*
 * Loses an interrupt now and then for as long as the machine runs:
 *
 *   lose BDF EVERY_S HOLD_MS
 *
 * Breaks the vector of one I/O queue after the other, each EVERY_S seconds at most, and only
 * when it has interrupted since it was last broken: an idle queue has nothing to lose. It is
 * broken until somebody mends it, or for HOLD_MS; then it is mended here. Each time is a line
 * in the kernel's log.
 *
 * It is started in an initramfs and goes on in the background after the root file system has
 * been changed beneath it, hence opens all it needs at once. "@" keeps systemd from ending it
 * before the root file system is left.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "msix_table.h"
#include "tool.h"

#define QUEUES		64
#define STEP_MS		50
#define NS_PER_S	1000000000ull

struct queue {
	unsigned long long interrupts;	/* when it was last broken */
	uint64_t next_ns;
};

static int kernel_log;
static int interrupts;

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		tool_die(TOOL_FAILED, "%s cannot be opened", path);
	return fd;
}

/* dprintf() will not do: it wants to know its place in the file, which the log refuses. */
static void log_line(const char *text, unsigned int vector, unsigned int ms)
{
	char line[96];
	int length = snprintf(line, sizeof(line), "<5>lose: vector %u %s after %u ms\n", vector,
			      text, ms);

	if (write(kernel_log, line, (size_t)length) != length)
		tool_die(TOOL_FAILED, "the kernel's log takes no line");
}

/* The sum over all CPUs of a line like "  29:  12  0  PCI-MSI... nvme64q1". */
static unsigned long long sum_of(const char *line)
{
	unsigned long long sum = 0, count;
	int used;

	line = strchr(line, ':') + 1;
	while (sscanf(line, " %llu%n", &count, &used) == 1) {
		sum += count;
		line += used;
	}
	return sum;
}

/* How often the I/O queue with this number has interrupted; both drivers name them so. */
static unsigned long long interrupts_of(unsigned int number)
{
	static char text[65536];
	ssize_t length = pread(interrupts, text, sizeof(text) - 1, 0);
	char *line, *name, *rest;
	unsigned int device, queue;

	text[length > 0 ? length : 0] = '\0';
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		name = strrchr(line, ' ');
		if (name && sscanf(name, " nvme%uq%u", &device, &queue) == 2 && queue == number)
			return sum_of(line);
	}
	return 0;
}

static bool works(volatile const struct msix_entry *entry)
{
	return entry->address && entry->address != MSIX_NO_ANSWER;
}

static bool is_due(struct queue *queue, unsigned int number)
{
	unsigned long long now;

	if (tool_now_ns() < queue->next_ns)
		return false;
	now = interrupts_of(number);
	if (now <= queue->interrupts)
		return false;
	queue->interrupts = now;
	return true;
}

static void break_for(volatile struct msix_entry *entry, unsigned int vector, unsigned int hold_ms)
{
	const uint32_t address = entry->address;
	unsigned int ms;

	entry->address = 0;
	log_line("broken", vector, 0);
	for (ms = 0; ms < hold_ms && !entry->address; ms += STEP_MS)
		tool_sleep_ms(STEP_MS);
	if (entry->address) {
		log_line("mended by the driver", vector, ms);
	} else {
		entry->address = address;
		log_line("mended by us", vector, ms);
	}
}

static void lose(const struct msix *msix, unsigned int every_s, unsigned int hold_ms)
{
	static struct queue queues[QUEUES];

	for (unsigned int vector = 1;; vector++) {
		if (vector >= msix->vectors || vector >= QUEUES)
			vector = 1;
		if (vector == 1)
			tool_sleep_ms(STEP_MS);
		if (!works(&msix->entries[vector]) || !is_due(&queues[vector], vector))
			continue;
		queues[vector].next_ns = tool_now_ns() + every_s * NS_PER_S;
		break_for(&msix->entries[vector], vector, hold_ms);
	}
}

int main(int argc, char **argv)
{
	struct msix msix;
	unsigned int every_s, hold_ms;

	if (argc != 4)
		tool_die(TOOL_USAGE, "BDF EVERY_S HOLD_MS");
	every_s = (unsigned int)tool_number(argv[2], "EVERY_S");
	hold_ms = (unsigned int)tool_number(argv[3], "HOLD_MS");
	msix_open(&msix, argv[1]);
	kernel_log = open_or_die("/dev/kmsg", O_WRONLY);
	interrupts = open_or_die("/proc/interrupts", O_RDONLY);
	argv[0][0] = '@';
	if (daemon(0, 0))
		tool_die(TOOL_FAILED, "cannot go to the background");
	lose(&msix, every_s, hold_ms);
}
