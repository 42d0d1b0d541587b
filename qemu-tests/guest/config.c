// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes PCI configuration space behind the driver's back:
 *
 *   config BDF read OFFSET WIDTH
 *   config BDF write OFFSET WIDTH VALUE
 *   config BDF set OFFSET WIDTH BITS
 *   config BDF clear OFFSET WIDTH BITS
 *   config BDF capability ID		offset of the capability, 0 for none
 */
#include <stdio.h>
#include <string.h>

#include "pci.h"
#include "tool.h"

static void change(const char *address, const char *verb, unsigned int offset,
		   unsigned int width, uint32_t value)
{
	uint32_t old = pci_config_read(address, offset, width);

	if (!strcmp(verb, "set"))
		value = old | value;
	else if (!strcmp(verb, "clear"))
		value = old & ~value;
	else if (strcmp(verb, "write"))
		tool_die(TOOL_USAGE, "%s: read, write, set, clear or capability", verb);
	pci_config_write(address, offset, width, value);
}

int main(int argc, char **argv)
{
	unsigned int offset;
	unsigned int width;

	if (argc == 4 && !strcmp(argv[2], "capability")) {
		printf("%u\n", pci_capability(argv[1], (uint8_t)tool_number(argv[3], "ID")));
		return TOOL_OK;
	}
	if (argc != 5 && argc != 6)
		tool_die(TOOL_USAGE, "BDF read|write|set|clear OFFSET WIDTH [VALUE]");

	offset = (unsigned int)tool_number(argv[3], "OFFSET");
	width = (unsigned int)tool_number(argv[4], "WIDTH");
	if (argc == 6)
		change(argv[1], argv[2], offset, width, (uint32_t)tool_number(argv[5], "VALUE"));
	else if (!strcmp(argv[2], "read"))
		printf("0x%x\n", pci_config_read(argv[1], offset, width));
	else
		tool_die(TOOL_USAGE, "%s needs a VALUE", argv[2]);
	return TOOL_OK;
}
