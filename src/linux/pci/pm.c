// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend and resume of the system, hibernation included.  Whatever the kind of
 * sleep, the controller is shut down in order and brought up again: it may have
 * lost its power meanwhile.
 *
 * What is in flight is waited for first, and what comes later waits before it
 * becomes a request: the kernel takes CPUs offline on the way down, which waits for
 * every request of their queues.
 */

#include <linux/pm.h>

#include "base/log.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "pci/pci.h"

static int npp_suspend(struct device *device)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	const unsigned int limit_ms = npp_hold_limit_ms();

	if (!npp_drain_disks(dev, limit_ms)) {
		npp_undrain_disks(dev);
		npp_err(dev, "not going to sleep: commands are in flight after %u ms\n", limit_ms);
		return -EBUSY;
	}
	npp_hold(dev, NPP_HOLD_SLEEP, NPP_RESET_SLEEP);
	/* Down, whatever it was before, and held: the worker does not come back. */
	npp_free_irqs(dev);
	return 0;
}

static int npp_resume(struct device *device)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	const int err = npp_release(dev, NPP_HOLD_SLEEP, NPP_RESET_SLEEP);

	npp_undrain_disks(dev);
	return err;
}

DEFINE_SIMPLE_DEV_PM_OPS(npp_pm_ops, npp_suspend, npp_resume);
