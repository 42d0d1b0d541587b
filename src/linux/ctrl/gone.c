// SPDX-License-Identifier: GPL-2.0
/* Is the device still there? */

#include <linux/pci.h>

#include "base/dev.h"
#include "ctrl/state.h"

#define NPP_GONE_READS 6
#define NPP_GONE_PAUSE_MS 25

/*
 * Has the device been removed?  The PCI core says so, or its vendor id reads as all-ones
 * for more than 100 ms: a single read may fail on a link that recovers.
 * Context: process.
 */
bool npp_device_gone(struct npp_dev *dev)
{
	int read;

	for (read = 0; read < NPP_GONE_READS; read++) {
		if (pci_dev_is_disconnected(dev->pdev))
			return true;
		if (pci_device_is_present(dev->pdev))
			return false;
		npp_os_sleep_ms(NPP_GONE_PAUSE_MS);
	}
	return true;
}
