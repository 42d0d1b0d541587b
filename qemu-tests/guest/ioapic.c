// SPDX-License-Identifier: GPL-2.0
/*
 * Masks an input of the I/O APIC behind the kernel's back: whatever is asserted on that line is
 * heard by nobody, until somebody writes the kernel's copy of the entry again.
 *
 *   ioapic INPUT mask|unmask|show
 *
 * INPUT is what /proc/interrupts names before "-fasteoi". The kernel uses the same pair of
 * registers, so this is for a moment in which it has no reason to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool.h"

#define IOAPIC_BASE	0xfec00000
#define SELECT		(0x00 / 4)
#define WINDOW		(0x10 / 4)
#define ENTRY(input)	(0x10 + 2 * (input))	/* its low half */
#define MASKED		0x10000u
#define INPUTS		24u

static volatile uint32_t *map_ioapic(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);
	void *registers;

	if (fd < 0)
		tool_die(TOOL_FAILED, "/dev/mem: %s", strerror(errno));
	registers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IOAPIC_BASE);
	if (registers == MAP_FAILED)
		tool_die(TOOL_FAILED, "the I/O APIC cannot be mapped: %s", strerror(errno));
	close(fd);
	return registers;
}

int main(int argc, char **argv)
{
	volatile uint32_t *ioapic;
	uint64_t input;
	uint32_t entry;

	if (argc != 3)
		tool_die(TOOL_USAGE, "INPUT mask|unmask|show");
	input = tool_number(argv[1], "INPUT");
	if (input >= INPUTS)
		tool_die(TOOL_USAGE, "INPUT: 0 to %u", INPUTS - 1);

	ioapic = map_ioapic();
	ioapic[SELECT] = ENTRY((uint32_t)input);
	entry = ioapic[WINDOW];
	if (!strcmp(argv[2], "mask"))
		ioapic[WINDOW] = entry | MASKED;
	else if (!strcmp(argv[2], "unmask"))
		ioapic[WINDOW] = entry & ~MASKED;
	else if (!strcmp(argv[2], "show"))
		printf("masked=%d\n", !!(entry & MASKED));
	else
		tool_die(TOOL_USAGE, "'%s': mask, unmask and show are accepted", argv[2]);
	return TOOL_OK;
}
