/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A controller's life: bring-up, tear-down, reset, and its admin commands.  Process
 * context, sleeps, unless said otherwise.
 */
#ifndef NVMEPP_CTRL_H
#define NVMEPP_CTRL_H

#include "base/dev.h"

/* bring_up.c */
int npp_pci_enable(struct npp_dev *dev);
void npp_pci_disable(struct npp_dev *dev);
void npp_enable_admin_queue(struct npp_dev *dev, bool enabled);
int npp_bring_up(struct npp_dev *dev);
int npp_request_queue_irq(struct npp_hwq *q);
void npp_free_irqs(struct npp_dev *dev);

/* io_queues.c */
int npp_start_io(struct npp_dev *dev);

/* tear_down.c */
void npp_tear_down(struct npp_dev *dev, enum npp_down how);

/* reset.c; the requests for one are in state.h */
void npp_reset_work(struct work_struct *work);

/* admin.c; npp_admin_complete(): as npp_os_complete() */
void npp_admin_complete(struct npp_hwq *q, u16 tag, u16 status, u64 result);
void npp_admin_cancel_all(struct npp_dev *dev);
int npp_admin_identify(struct npp_dev *dev);
int npp_admin_timed(struct npp_dev *dev, const struct npp_sqe *sqe, u64 *result,
		    unsigned int timeout_ms);

/*
 * async_event.c; npp_complete_async_event(): any context; npp_cancel_async_event():
 * dev->admin_lock held
 */
void npp_submit_async_event(struct npp_dev *dev);
void npp_complete_async_event(struct npp_dev *dev, u16 status, u32 result);
void npp_cancel_async_event(struct npp_dev *dev);
void npp_async_event_work(struct work_struct *work);

#endif
