// SPDX-License-Identifier: GPL-2.0
/*
 * Shadow doorbells: the memory in which a controller made of software is told of new
 * commands, so that most of them cost no register write, for which a guest is left (base
 * specification 2.0, 5.8; src/core/doorbell.hpp).
 *
 * A device that misses one waits for ever: between its last look at the doorbell and its
 * event index QEMU has no barrier, for one.  Whoever finds that a queue does not move,
 * the watchdog or a command's timeout, tells it by the register.
 */

#include <linux/dma-mapping.h>
#include <linux/pci.h>

#include "base/params.h"
#include "queue/queue.h"

#define NPP_SHADOW_BUFFERS	(2 * NPP_SHADOW_BYTES)	/* doorbells, event indices */

/* Not with a pin: QEMU lowers it where the register is written.  Sleep may bring one. */
static bool npp_shadow_wanted(const struct npp_dev *dev)
{
	return npp_params.shadow_doorbells && dev->info.has_shadow_doorbells &&
	       dev->pdev->msix_enabled;
}

/* Resets allocate nothing, so that a controller that learns it later does without. */
static bool npp_shadow_allocated(struct npp_dev *dev)
{
	if (!dev->shadow && !dev->has_tag_set)
		dev->shadow = dma_alloc_coherent(&dev->pdev->dev, NPP_SHADOW_BUFFERS,
						 &dev->shadow_dma, GFP_KERNEL | __GFP_NOWARN);
	return dev->shadow;
}

/*
 * For the I/O queues, @io_queues at most, that are created next.  Returns an error where the
 * controller has not answered.  Context: bring-up; no I/O queue exists.
 */
int npp_shadow_start(struct npp_dev *dev, unsigned int io_queues)
{
	dev->shadow_used = false;
	if (!npp_shadow_wanted(dev) || !npp_shadow_allocated(dev))
		return 0;
	memset(dev->shadow, 0, NPP_SHADOW_BUFFERS);
	return npp_set_doorbell_buffers(&dev->ctrl, &dev->info, io_queues, dev->shadow_dma,
					&dev->shadow_used);
}

/* Context: remove, or a probe that fails; the controller is disabled. */
void npp_shadow_free(struct npp_dev *dev)
{
	if (dev->shadow)
		dma_free_coherent(&dev->pdev->dev, NPP_SHADOW_BUFFERS, dev->shadow,
				  dev->shadow_dma);
	dev->shadow = NULL;
}

/*
 * Tell the controller by the register of what the shadow doorbell alone says.  Returns
 * whether there was something to tell.  Context: process.
 */
bool npp_ring_again(struct npp_hwq *q)
{
	bool told;

	if (!npp_queue_untold(&q->core))
		return false;
	spin_lock(&q->sq_lock);
	told = q->enabled && npp_queue_ring_again(&q->core);
	if (told)
		WRITE_ONCE(q->rung_again, q->rung_again + 1);
	spin_unlock(&q->sq_lock);
	return told;
}
