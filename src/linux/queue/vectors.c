// SPDX-License-Identifier: GPL-2.0
/* The device's vectors as a whole: how many, of which kind, and written anew. */

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/lockdep.h>
#include <linux/pci.h>

#include "base/params.h"
#include "queue/queue.h"

/* The vector that serves the admin queue until the number of queues is known. */
int npp_irq_alloc_one(struct npp_dev *dev)
{
	int got = pci_alloc_irq_vectors(dev->pdev, 1, 1, npp_params.irq_types);

	dev->vectors = got > 0 ? got : 0;
	return got < 0 ? got : 0;
}

/*
 * What the kernel would do by itself, but while it holds the lock of CPU hotplug: a CPU
 * on its way down holds that too, and waits for requests that this reset sends again.
 */
static void npp_one_set(struct irq_affinity *spread, unsigned int vectors)
{
	spread->nr_sets = 1;
	spread->set_size[0] = vectors;
}

/*
 * One vector for the admin queue and one for each I/O queue, spread over the
 * CPUs by the kernel; fewer if there are not so many.  Returns how many I/O
 * queues these vectors can serve (a single vector is shared with one), or an
 * error.
 */
int npp_irq_alloc(struct npp_dev *dev, unsigned int io_queues)
{
	struct irq_affinity spread = { .pre_vectors = 1, .calc_sets = npp_one_set };
	int got = pci_alloc_irq_vectors_affinity(dev->pdev, 1, io_queues + 1,
						 npp_params.irq_types | PCI_IRQ_AFFINITY, &spread);

	dev->vectors = got > 0 ? got : 0;
	return got < 0 ? got : max(got - 1, 1);
}

void npp_irq_free(struct npp_dev *dev)
{
	if (dev->vectors)
		pci_free_irq_vectors(dev->pdev);
	dev->vectors = 0;
}

const char *npp_irq_type(const struct npp_dev *dev)
{
	if (!dev->vectors)
		return "none";
	if (dev->pdev->msix_enabled)
		return "msix";
	return dev->pdev->msi_enabled ? "msi" : "intx";
}

/*
 * Has the kernel write the line's entry in the interrupt controller, which it
 * spares itself as long as it thinks that nothing has changed there: a pin that was
 * masked behind its back is delivered again.  Neighbours on the line only wait.
 */
static void npp_rewrite_line(unsigned int irq)
{
	irq_set_status_flags(irq, IRQ_DISABLE_UNLAZY);
	disable_irq(irq);
	enable_irq(irq);
	irq_clear_status_flags(irq, IRQ_DISABLE_UNLAZY);
}

/*
 * The kernel's copy of every vector, or of the INTx line of @irq, goes to the device.
 * pci_restore_msi_state() takes the mutex of this device's vectors, under which memory is
 * allocated at bring-up only, in a noio scope.  To lockdep it is the mutex of all devices,
 * whose drivers allocate under it, and may wait for disks that wait for a reset.
 * Context: process; dev->restore_lock or the reset worker's.
 */
void npp_rewrite_vectors(struct npp_dev *dev, unsigned int irq)
{
	if (dev->pdev->msix_enabled || dev->pdev->msi_enabled) {
		lockdep_off();
		pci_restore_msi_state(dev->pdev);
		lockdep_on();
		return;
	}
	pci_intx(dev->pdev, 1);
	npp_rewrite_line(irq);
}
