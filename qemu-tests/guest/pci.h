/* SPDX-License-Identifier: GPL-2.0 */
/* A PCI function through sysfs: its configuration space and its memory BARs. */
#ifndef PCI_H
#define PCI_H

#include <stddef.h>
#include <stdint.h>

#define PCI_CAPABILITY_MSIX	0x11

/* All of these end the program with a clear line when the function is not there. */
uint32_t pci_config_read(const char *address, unsigned int offset, unsigned int width);
void pci_config_write(const char *address, unsigned int offset, unsigned int width,
		      uint32_t value);

/* Offset of the capability, 0 when the function has none with that id. */
unsigned int pci_capability(const char *address, uint8_t id);

/* Maps a range of a BAR. The kernel must run with iomem=relaxed, or a bound BAR is refused. */
volatile uint32_t *pci_map_bar(const char *address, unsigned int bar, uint32_t offset,
			       size_t length);

#endif
