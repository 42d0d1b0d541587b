// SPDX-License-Identifier: GPL-2.0
/*
 * What kind of loss it was: the facts, from registers and from the kernel's own
 * idea of the vector.  A slow path, where reading registers is fine.
 */

#include <linux/cpumask.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "recovery/recovery.h"

static void __iomem *npp_msix_entry(const struct npp_hwq *q)
{
	return q->dev->pdev->msix_base + q->vector * PCI_MSIX_ENTRY_SIZE;
}

static bool npp_msix_masked(const struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;
	u16 control;

	pci_read_config_word(pdev, pdev->msix_cap + PCI_MSIX_FLAGS, &control);
	return !(control & PCI_MSIX_FLAGS_ENABLE) || (control & PCI_MSIX_FLAGS_MASKALL) ||
	       (readl(npp_msix_entry(q) + PCI_MSIX_ENTRY_VECTOR_CTRL) &
		PCI_MSIX_ENTRY_CTRL_MASKBIT);
}

static bool npp_msix_message_differs(const struct npp_hwq *q)
{
	void __iomem *entry = npp_msix_entry(q);
	struct msi_msg msg;

	get_cached_msi_msg(q->irq, &msg);
	return readl(entry + PCI_MSIX_ENTRY_LOWER_ADDR) != msg.address_lo ||
	       readl(entry + PCI_MSIX_ENTRY_UPPER_ADDR) != msg.address_hi ||
	       readl(entry + PCI_MSIX_ENTRY_DATA) != msg.data;
}

/* Only where the pending bits lie in BAR 0, which is the one that is mapped. */
static bool npp_msix_pending(const struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;
	u32 pba, offset;

	pci_read_config_dword(pdev, pdev->msix_cap + PCI_MSIX_PBA, &pba);
	if (!npp_pba_dword(pba, q->vector, pci_resource_len(pdev, 0), &offset))
		return false;
	return readl(q->dev->bar + offset) & BIT(q->vector % 32);
}

/* INTMS, which reads back the mask of all but MSI-X (base 2.0, 3.1.3.3). */
#define NPP_INTMS 0xc

static bool npp_masked_by_register(const struct npp_hwq *q)
{
	return readl(q->dev->bar + NPP_INTMS) & BIT(q->vector);
}

static bool npp_msi_masked(const struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;
	u16 control;

	pci_read_config_word(pdev, pdev->msi_cap + PCI_MSI_FLAGS, &control);
	return !(control & PCI_MSI_FLAGS_ENABLE) || npp_masked_by_register(q);
}

static bool npp_msi_message_differs(const struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;
	struct msi_msg msg;
	u32 address;

	/* Several vectors share the address; the data differ in the low bits only. */
	get_cached_msi_msg(q->irq, &msg);
	pci_read_config_dword(pdev, pdev->msi_cap + PCI_MSI_ADDRESS_LO, &address);
	return address != msg.address_lo;
}

static bool npp_intx_masked(const struct npp_hwq *q)
{
	u16 command;

	pci_read_config_word(q->dev->pdev, PCI_COMMAND, &command);
	return (command & PCI_COMMAND_INTX_DISABLE) || npp_masked_by_register(q);
}

static bool npp_intx_asserted(struct pci_dev *pdev)
{
	u16 status;

	pci_read_config_word(pdev, PCI_STATUS, &status);
	return status & PCI_STATUS_INTERRUPT;
}

/* The kernel has switched the interrupt off, or no CPU that is online gets it. */
static bool npp_irq_undeliverable(const struct npp_hwq *q)
{
	struct irq_data *data = irq_get_irq_data(q->irq);
	const struct cpumask *mask = irq_get_effective_affinity_mask(q->irq);

	if (!data || irqd_irq_disabled(data))
		return true;
	return mask && !cpumask_empty(mask) && !cpumask_intersects(mask, cpu_online_mask);
}

/* While commands were in flight an interrupt found nothing, and nothing was taken since. */
static bool npp_came_early(const struct npp_hwq *q)
{
	return READ_ONCE(q->early_irq_seq) == npp_queue_taken(&q->core) + 1;
}

enum npp_loss npp_diagnose_vector_locked(struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;
	struct npp_loss_facts facts = {
		.came_early = npp_came_early(q),
		.undeliverable = npp_irq_undeliverable(q),
	};

	if (pdev->msix_enabled) {
		facts.masked = npp_msix_masked(q);
		facts.message_differs = npp_msix_message_differs(q);
		facts.pending = npp_msix_pending(q);
	} else if (pdev->msi_enabled) {
		facts.masked = npp_msi_masked(q);
		facts.message_differs = npp_msi_message_differs(q);
	} else {
		facts.masked = npp_intx_masked(q);
		facts.intx_asserted = npp_intx_asserted(pdev);
	}
	return npp_loss_class(&facts);
}

/* Is the device set up to send this vector's message as the kernel wants it? */
bool npp_vector_as_written(struct npp_hwq *q)
{
	struct pci_dev *pdev = q->dev->pdev;

	if (pdev->msix_enabled)
		return !npp_msix_masked(q) && !npp_msix_message_differs(q);
	if (pdev->msi_enabled)
		return !npp_msi_masked(q) && !npp_msi_message_differs(q);
	return !npp_intx_masked(q);
}

static void npp_show_msix_entry(struct seq_file *m, const struct npp_hwq *q)
{
	void __iomem *entry = npp_msix_entry(q);

	seq_printf(m, " %08x:%08x %08x %08x", readl(entry + PCI_MSIX_ENTRY_UPPER_ADDR),
		   readl(entry + PCI_MSIX_ENTRY_LOWER_ADDR), readl(entry + PCI_MSIX_ENTRY_DATA),
		   readl(entry + PCI_MSIX_ENTRY_VECTOR_CTRL));
}

/*
 * The vector as the device has it: the address, data and control of its MSI-X entry, whether
 * it is pending, and whether it is open and as the kernel wants it.
 */
void npp_show_vector_locked(struct seq_file *m, struct npp_hwq *q)
{
	const bool msix = q->dev->pdev->msix_enabled;

	if (msix)
		npp_show_msix_entry(m, q);
	else
		seq_puts(m, " - - -");
	seq_printf(m, " %s %s\n", !msix ? "-" : npp_msix_pending(q) ? "yes" : "no",
		   npp_vector_as_written(q) ? "yes" : "no");
}
