// SPDX-License-Identifier: GPL-2.0
#include "pci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool.h"

#define CAP_POINTER	0x34
#define CAP_LIST_LIMIT	48	/* more capabilities do not fit in 256 bytes: a loop */

static int open_attribute(const char *address, const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", address, name);
	fd = open(path, flags);
	if (fd < 0)
		tool_die(TOOL_FAILED, "%s: %s", path, strerror(errno));
	return fd;
}

static void check_width(unsigned int width)
{
	if (width != 1 && width != 2 && width != 4)
		tool_die(TOOL_USAGE, "width %u: 1, 2 or 4 bytes are accepted", width);
}

/* x86 is little-endian like PCI, so the bytes land in the low end of the word. */
uint32_t pci_config_read(const char *address, unsigned int offset, unsigned int width)
{
	uint32_t value = 0;
	int fd = open_attribute(address, "config", O_RDONLY);

	check_width(width);
	if (pread(fd, &value, width, offset) != (ssize_t)width)
		tool_die(TOOL_FAILED, "%s: no configuration space at 0x%x", address, offset);
	close(fd);
	return value;
}

void pci_config_write(const char *address, unsigned int offset, unsigned int width,
		      uint32_t value)
{
	int fd = open_attribute(address, "config", O_RDWR);

	check_width(width);
	if (pwrite(fd, &value, width, offset) != (ssize_t)width)
		tool_die(TOOL_FAILED, "%s: cannot write configuration space at 0x%x", address,
			 offset);
	close(fd);
}

unsigned int pci_capability(const char *address, uint8_t id)
{
	unsigned int at = pci_config_read(address, CAP_POINTER, 1);
	unsigned int left = CAP_LIST_LIMIT;

	while (at && left--) {
		if (pci_config_read(address, at, 1) == id)
			return at;
		at = pci_config_read(address, at + 1, 1);
	}
	return 0;
}

volatile uint32_t *pci_map_bar(const char *address, unsigned int bar, uint32_t offset,
			       size_t length)
{
	char name[16];
	const uint32_t page_bytes = (uint32_t)sysconf(_SC_PAGESIZE);
	const uint32_t page = offset & ~(page_bytes - 1);
	char *base;
	int fd;

	snprintf(name, sizeof(name), "resource%u", bar);
	fd = open_attribute(address, name, O_RDWR | O_SYNC);
	length = (offset - page + length + page_bytes - 1) & ~(size_t)(page_bytes - 1);
	base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page);
	if (base == MAP_FAILED)
		tool_die(TOOL_FAILED, "%s: cannot map %s at 0x%x: %s (booted with iomem=relaxed?)",
			 address, name, page, strerror(errno));
	close(fd);
	return (volatile uint32_t *)(base + (offset - page));
}
