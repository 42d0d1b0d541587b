// SPDX-License-Identifier: GPL-2.0
/*
 * Reads one line, and not a byte more, from standard input and prints it:
 *
 *   readline <&3
 *
 * A shell's own `read' is no use where children end meanwhile: busybox 1.35 begins
 * anew when SIGCHLD comes, without what it has read of the line.
 */
#include <stdio.h>
#include <unistd.h>

#include "tool.h"

int main(int argc, char **argv)
{
	char byte;

	if (argc != 1)
		tool_die(TOOL_USAGE, "takes no argument, not '%s'", argv[1]);
	while (read(STDIN_FILENO, &byte, 1) == 1) {
		if (byte == '\n')
			return TOOL_OK;
		putchar(byte);
	}
	tool_die(TOOL_FAILED, "nobody speaks any more");
}
