/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI driver: binding, sleep, errors.  Process context, sleeps. */
#ifndef NVMEPP_PCI_H
#define NVMEPP_PCI_H

#include <linux/pci.h>
#include <linux/pm.h>

#include "base/dev.h"

/* device.c */
struct npp_dev *npp_dev_create(struct pci_dev *pdev, unsigned long quirks);
void npp_dev_destroy(struct npp_dev *dev);

/* pci.c */
void npp_removal_work(struct work_struct *work);

/* pm.c */
extern const struct dev_pm_ops npp_pm_ops;

/* err_handler.c */
extern const struct pci_error_handlers npp_pci_error_handlers;
void npp_hold_work(struct work_struct *work);
unsigned int npp_hold_limit_ms(void);

#endif
