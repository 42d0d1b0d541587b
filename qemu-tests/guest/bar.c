// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes 32-bit registers of BAR 0 behind the driver's back:
 *
 *   bar BDF read OFFSET
 *   bar BDF write OFFSET VALUE
 *   bar BDF fill VALUE LENGTH
 *   bar BDF raise VECTOR COUNT	on a controller with faults: so many interrupts for nothing
 *   bar BDF event RESULT COUNT	the same, so many asynchronous events
 *   bar BDF obey MS		where BAR 0 is mere memory: CSTS.RDY follows CC.EN for a while
 */
#include <stdio.h>
#include <string.h>

#include "pci.h"
#include "tool.h"

#define BAR_LENGTH	0x1000
#define CC		0x14
#define CSTS		0x1c
#define ENABLE		1u
#define FAULT_IRQ_RAISE	0xf6c	/* qemu-tests/device/fault.h: the place of irq-raise */
#define FAULT_EVENT	0xf74
#define FAULT_MAGIC	0xefc
#define MAGIC		0x746c6166u

static void fill(volatile uint32_t *registers, uint32_t value, uint64_t length)
{
	if (length > BAR_LENGTH)
		tool_die(TOOL_USAGE, "LENGTH: at most 0x%x", BAR_LENGTH);
	for (uint64_t i = 0; i < length / sizeof(*registers); i++)
		registers[i] = value;
}

/* A knob that does something each time it is set. */
static void set_knob(volatile uint32_t *registers, uint32_t knob, uint64_t value, uint64_t count)
{
	if (registers[FAULT_MAGIC / 4] != MAGIC)
		tool_die(TOOL_FAILED, "this is no controller with faults");
	while (count--)
		registers[knob / 4] = (uint32_t)value;
}

static void obey(volatile uint32_t *registers, uint64_t ms)
{
	uint64_t end = tool_now_ns() + ms * 1000000;

	while (tool_now_ns() < end)
		registers[CSTS / 4] = registers[CC / 4] & ENABLE;
}

int main(int argc, char **argv)
{
	volatile uint32_t *registers;
	uint64_t first;
	uint64_t second;

	if (argc != 4 && argc != 5)
		tool_die(TOOL_USAGE, "BDF read|write|fill|raise|event|obey NUMBER [NUMBER]");
	registers = pci_map_bar(argv[1], 0, 0, BAR_LENGTH);
	first = tool_number(argv[3], "the first number");
	second = argc == 5 ? tool_number(argv[4], "the second number") : 0;

	if (argc == 4 && !strcmp(argv[2], "obey"))
		obey(registers, first);
	else if (argc == 5 && !strcmp(argv[2], "fill"))
		fill(registers, (uint32_t)first, second);
	else if (argc == 5 && !strcmp(argv[2], "raise"))
		set_knob(registers, FAULT_IRQ_RAISE, first + 1, second);
	else if (argc == 5 && !strcmp(argv[2], "event"))
		set_knob(registers, FAULT_EVENT, first, second);
	else if (first % 4 || first >= BAR_LENGTH)
		tool_die(TOOL_USAGE, "OFFSET: a multiple of 4 below 0x%x", BAR_LENGTH);
	else if (argc == 4 && !strcmp(argv[2], "read"))
		printf("0x%08x\n", registers[first / 4]);
	else if (argc == 5 && !strcmp(argv[2], "write"))
		registers[first / 4] = (uint32_t)second;
	else
		tool_die(TOOL_USAGE, "'%s': read, write, fill, raise, event or obey, with numbers",
			 argv[2]);
	return TOOL_OK;
}
