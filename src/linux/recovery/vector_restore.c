// SPDX-License-Identifier: GPL-2.0
/* Restoring the vector of a live device. */

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>

#include "queue/queue.h"
#include "recovery/recovery.h"

#define NPP_RESTORE_TRIES 3

/*
 * Writes the kernel's copy of every vector to the device, with the function
 * masked meanwhile so that pending bits are kept: that cures a broken message, a
 * masked vector or function, and a capability that was switched off.
 *
 * It is not serialised against a change of affinity on another CPU, which could
 * be overwritten by the older message: hence the check and the next try, and
 * should that be too early, the next lost interrupt finds the message different again.
 *
 * Returns whether the vector is as the kernel wants it.
 * Context: process; q->irq_lock held, the interrupt usable.
 */
bool npp_restore_vector(struct npp_hwq *q)
{
	struct npp_dev *dev = q->dev;
	bool good = false;
	int try;

	q->vector_restores++;
	mutex_lock(&dev->restore_lock);
	for (try = 0; try < NPP_RESTORE_TRIES && !good; try++) {
		npp_rewrite_vectors(dev, q->irq);
		/* MSI-X has no mask in the controller's registers (base 2.0, 3.1.3.3). */
		if (!dev->pdev->msix_enabled)
			npp_ctrl_unmask_interrupts(&dev->ctrl);
		good = npp_vector_as_written(q);
	}
	mutex_unlock(&dev->restore_lock);
	return good;
}
