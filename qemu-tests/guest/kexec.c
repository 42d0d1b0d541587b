// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a kernel, and leaves for what has been loaded: drivers shut their devices down,
 * and no firmware runs in between. As kexec(8) with -s.
 *
 *   kexec load KERNEL INITRAMFS COMMAND-LINE
 *   kexec leave
 */
#include <fcntl.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tool_die(TOOL_USAGE, "%s: %m", path);
	return fd;
}

static int load(char **arguments)
{
	const char *command_line = arguments[2];

	/* The length counts the zero at the end. */
	if (syscall(SYS_kexec_file_load, open_file(arguments[0]), open_file(arguments[1]),
		    strlen(command_line) + 1, command_line, 0UL))
		tool_die(TOOL_FAILED, "%s is not loaded: %m", arguments[0]);
	return TOOL_OK;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "load"))
		return load(argv + 2);
	if (argc != 2 || strcmp(argv[1], "leave"))
		tool_die(TOOL_USAGE, "wants load KERNEL INITRAMFS COMMAND-LINE, or leave");
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	tool_die(TOOL_FAILED, "the kernel does not leave: %m");
}
