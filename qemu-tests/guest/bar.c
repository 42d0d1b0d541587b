// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes 32-bit registers of BAR 0 behind the driver's back:
 *
 *   bar BDF read OFFSET
 *   bar BDF write OFFSET VALUE
 *   bar BDF hold OFFSET VALUE MS	writes over and over, so that nothing else stands
 */
#include <stdio.h>
#include <string.h>

#include "pci.h"
#include "tool.h"

static void hold(volatile uint32_t *reg, uint32_t value, uint64_t ms)
{
	uint64_t end = tool_now_ns() + ms * 1000000;

	while (tool_now_ns() < end)
		for (int i = 0; i < 64; i++)
			*reg = value;
}

int main(int argc, char **argv)
{
	volatile uint32_t *reg;

	if (argc < 4)
		tool_die(TOOL_USAGE, "BDF read OFFSET | write OFFSET VALUE | hold OFFSET VALUE MS");
	reg = pci_map_bar(argv[1], 0, (uint32_t)tool_number(argv[3], "OFFSET"), sizeof(*reg));

	if (argc == 4 && !strcmp(argv[2], "read"))
		printf("0x%08x\n", *reg);
	else if (argc == 5 && !strcmp(argv[2], "write"))
		*reg = (uint32_t)tool_number(argv[4], "VALUE");
	else if (argc == 6 && !strcmp(argv[2], "hold"))
		hold(reg, (uint32_t)tool_number(argv[4], "VALUE"), tool_number(argv[5], "MS"));
	else
		tool_die(TOOL_USAGE, "'%s': read, write or hold, with their values", argv[2]);
	return TOOL_OK;
}
