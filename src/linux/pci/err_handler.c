// SPDX-License-Identifier: GPL-2.0
/*
 * What the PCI core does to the device while it is ours: resets of the function or
 * its bus, and recovery from errors.  In all of them the controller is paused
 * (npp_hold()), so that its I/O waits and its registers are not accessed, and
 * brought up again afterwards by the reset's own steps.
 *
 * The PCI core calls all of these with the device's lock held.
 */

#include <linux/pci.h>

#include "base/params.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "pci/pci.h"

#define NPP_HOLD_MAX_MS 60000

/*
 * For how long sleep waits for commands, and PCI error recovery has the device: two
 * timeouts of I/O, bounded where users have switched those off.
 */
unsigned int npp_hold_limit_ms(void)
{
	return min_t(u64, 2ull * npp_params.io_timeout_ms, NPP_HOLD_MAX_MS);
}

/*
 * The PCI core does not say when recovery fails.  Attempts begin, which fail as long as
 * the channel is offline, until ctrl_loss_tmo is over.
 */
void npp_hold_work(struct work_struct *work)
{
	npp_request_release(container_of(to_delayed_work(work), struct npp_dev, hold_work),
			    NPP_HOLD_PCI_ERROR, NPP_RESET_PCI_LOST);
}

static pci_ers_result_t npp_pause_for_error(struct npp_dev *dev)
{
	npp_hold(dev, NPP_HOLD_PCI_ERROR, NPP_RESET_PCI_ERROR);
	/* Also of a dead controller, which cannot be revived while it is held. */
	queue_delayed_work(npp_wq, &dev->hold_work, msecs_to_jiffies(npp_hold_limit_ms()));
	return PCI_ERS_RESULT_NEED_RESET;
}

/*
 * After an error that is not fatal the link works.  A command that the error has
 * cost is found by its timeout, like any other.
 */
static pci_ers_result_t npp_error_detected(struct pci_dev *pdev, pci_channel_state_t error)
{
	struct npp_dev *dev = pci_get_drvdata(pdev);

	switch (error) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		return npp_pause_for_error(dev);
	default:
		npp_fail_ctrl(dev, NPP_RESET_DEVICE_GONE);
		npp_wait_settled(dev);
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

/*
 * The link is up again.  A neighbour may have asked for this after an error that
 * was none of ours.  Registers are not to be used before npp_error_resume().
 */
static pci_ers_result_t npp_slot_reset(struct pci_dev *pdev)
{
	npp_pause_for_error(pci_get_drvdata(pdev));
	pci_restore_state(pdev);
	/* Restored once, it counts as used up: there may be a next error. */
	pci_save_state(pdev);
	return pci_device_is_present(pdev) ? PCI_ERS_RESULT_RECOVERED : PCI_ERS_RESULT_DISCONNECT;
}

static void npp_error_resume(struct pci_dev *pdev)
{
	struct npp_dev *dev = pci_get_drvdata(pdev);

	cancel_delayed_work_sync(&dev->hold_work);
	npp_release(dev, NPP_HOLD_PCI_ERROR, NPP_RESET_PCI_ERROR);
}

static void npp_reset_prepare(struct pci_dev *pdev)
{
	npp_hold(pci_get_drvdata(pdev), NPP_HOLD_FUNCTION, NPP_RESET_FUNCTION);
}

static void npp_reset_done(struct pci_dev *pdev)
{
	npp_release(pci_get_drvdata(pdev), NPP_HOLD_FUNCTION, NPP_RESET_FUNCTION);
}

const struct pci_error_handlers npp_pci_error_handlers = {
	.error_detected = npp_error_detected,
	.slot_reset = npp_slot_reset,
	.resume = npp_error_resume,
	.reset_prepare = npp_reset_prepare,
	.reset_done = npp_reset_done,
};
