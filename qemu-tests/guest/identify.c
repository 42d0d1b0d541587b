// SPDX-License-Identifier: GPL-2.0
/*
 * Sends one Identify Controller through the admin queue, by the ioctl of an NVMe character
 * device, and says how long it took:
 *
 *   identify /dev/nvme0
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tool.h"

#define OPCODE_IDENTIFY		0x06
#define IDENTIFY_CONTROLLER	1
#define NS_PER_MS		1000000u

int main(int argc, char **argv)
{
	static char page[4096] __attribute__((aligned(4096)));
	struct nvme_admin_cmd command = {
		.opcode = OPCODE_IDENTIFY,
		.addr = (uint64_t)(uintptr_t)page,
		.data_len = sizeof(page),
		.cdw10 = IDENTIFY_CONTROLLER,
	};
	uint64_t started_ns;
	int status;
	int fd;

	if (argc != 2)
		tool_die(TOOL_USAGE, "/dev/NAME of a controller");
	fd = open(argv[1], O_RDONLY);
	if (fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", argv[1], strerror(errno));

	started_ns = tool_now_ns();
	status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &command);
	if (status)
		tool_die(TOOL_FAILED, "Identify: %s",
			 status < 0 ? strerror(errno) : "the device refused it");
	printf("%llu ms, model %.40s\n",
	       (unsigned long long)((tool_now_ns() - started_ns) / NS_PER_MS), page + 24);
	return TOOL_OK;
}
