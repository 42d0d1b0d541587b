// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a PCI device one that sits behind a bridge which passes on only so many bits of an
 * address, as the kernel knows some of VIA's.  QEMU has none.
 *
 *   insmod dma_limit.ko device=0000:00:02.0 bits=32
 *
 * For drivers that bind the device from then on; gone with the module.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>

static char *device = "";
module_param(device, charp, 0444);
static unsigned int bits = 32;
module_param(bits, uint, 0444);

static struct pci_dev *limited;
static u64 limit_before;

static int __init dma_limit_init(void)
{
	unsigned int domain, bus, slot, function;

	if (bits < 1 || bits > 64 ||
	    sscanf(device, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return -EINVAL;
	limited = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, function));
	if (!limited)
		return -ENODEV;
	limit_before = limited->dev.bus_dma_limit;
	limited->dev.bus_dma_limit = DMA_BIT_MASK(bits);
	return 0;
}
module_init(dma_limit_init);

static void __exit dma_limit_exit(void)
{
	limited->dev.bus_dma_limit = limit_before;
	pci_dev_put(limited);
}
module_exit(dma_limit_exit);

MODULE_DESCRIPTION("Limits the addresses that reach a PCI device");
MODULE_LICENSE("GPL");
