// SPDX-License-Identifier: GPL-2.0
#include "msix_table.h"

#include "pci.h"
#include "tool.h"

#define BAR_INDICATOR	7u

void msix_open(struct msix *msix, const char *pci_address)
{
	uint32_t table;
	uint32_t pending;

	msix->pci_address = pci_address;
	msix->capability = pci_capability(pci_address, PCI_CAPABILITY_MSIX);
	if (!msix->capability)
		tool_die(TOOL_FAILED, "%s has no MSI-X capability", pci_address);

	msix->vectors = (pci_config_read(pci_address, msix->capability + 2, 2) & 0x7ff) + 1;
	table = pci_config_read(pci_address, msix->capability + 4, 4);
	pending = pci_config_read(pci_address, msix->capability + 8, 4);
	msix->entries = (volatile struct msix_entry *)
		pci_map_bar(pci_address, table & BAR_INDICATOR, table & ~BAR_INDICATOR,
			    msix->vectors * sizeof(*msix->entries));
	msix->pending = pci_map_bar(pci_address, pending & BAR_INDICATOR, pending & ~BAR_INDICATOR,
				    (msix->vectors + 31) / 32 * sizeof(*msix->pending));
}
