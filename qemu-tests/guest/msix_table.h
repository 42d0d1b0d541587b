/* SPDX-License-Identifier: GPL-2.0 */
/* The MSI-X table of a PCI function, behind its driver's back. */
#ifndef MSIX_TABLE_H
#define MSIX_TABLE_H

#include <stdint.h>

#define MSIX_NO_ANSWER		0xffffffffu	/* while memory decoding is off */
#define MSIX_ENTRY_MASKED	1u

struct msix_entry {
	uint32_t address;
	uint32_t address_high;
	uint32_t data;
	uint32_t control;
};

struct msix {
	const char *pci_address;
	unsigned int capability;
	unsigned int vectors;
	volatile struct msix_entry *entries;
	volatile uint32_t *pending;
};

/* Ends the program with a clear line when the function has no such table. */
void msix_open(struct msix *msix, const char *pci_address);

#endif
