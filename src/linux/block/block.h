/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests, disks, and the scan for namespaces.  Process context, sleeps, unless said
 * otherwise.
 */
#ifndef NVMEPP_BLOCK_H
#define NVMEPP_BLOCK_H

#include <linux/blk-mq.h>

#include "base/dev.h"

struct npp_page;

#define NPP_MAX_NAMESPACES 1024		/* that a scan asks for */

/* blk.c */
extern const struct blk_mq_ops npp_mq_ops;

/* tag_set.c */
int npp_alloc_tag_set(struct npp_dev *dev);
void npp_free_tag_set(struct npp_dev *dev);

/* dma.c */
int npp_dma_init(struct npp_dev *dev);
void npp_dma_exit(struct npp_dev *dev);

/* prepare.c */
/* Of npp_prepare_other() alone: the request is whole, but longer than the controller takes now. */
#define NPP_STS_TOO_LONG ((__force blk_status_t)0xff)
blk_status_t npp_prepare_other(struct npp_hwq *q, const struct npp_ns *ns, struct request *req);

/* complete.c; any context, but for npp_cancel_requests() */
void npp_complete_rq(struct request *req);
void npp_complete_batch(struct io_comp_batch *batch);
void npp_cancel_requests(struct npp_dev *dev);

/* scan.c; npp_scan_schedule(): any context but interrupts */
void npp_scan(struct npp_dev *dev);
void npp_scan_work(struct work_struct *work);
bool npp_scan_schedule(struct npp_dev *dev);
int npp_rescan(struct npp_dev *dev);
void npp_reread_frozen(struct npp_dev *dev, const struct npp_page *p);
void npp_ns_read_use(struct npp_ns *ns);

/* disk.c; dev->scan_lock held */
void npp_ns_add(struct npp_dev *dev, const struct npp_ns_info *info);
void npp_ns_remove(struct npp_dev *dev, struct npp_ns *ns);
int npp_ns_apply(struct npp_ns *ns, const struct npp_ns_info *info);

/* parts.c; npp_parts_send(), npp_end_too_long(): any context but hard interrupts */
void npp_parts_init(struct npp_ns *ns);
void npp_parts_exit(struct npp_ns *ns);
void npp_parts_send(struct npp_ns *ns);
blk_status_t npp_end_too_long(struct npp_ns *ns, struct request *req);

/* ns_update.c; dev->scan_lock held */
void npp_ns_reread(struct npp_ns *ns, const struct npp_ns_info *info);
void npp_ns_found(struct npp_dev *dev, const struct npp_ns_info *info);
void npp_ns_keep(struct npp_dev *dev, u32 nsid);
void npp_remove_stale_namespaces(struct npp_dev *dev, u32 last);

/* quiesce.c; npp_freeze_disks(), npp_unfreeze_disks(): dev->scan_lock held */
void npp_freeze_disks(struct npp_dev *dev);
void npp_unfreeze_disks(struct npp_dev *dev);
bool npp_drain_disks(struct npp_dev *dev, unsigned int limit_ms);
void npp_undrain_disks(struct npp_dev *dev);
void npp_quiesce_disks(struct npp_dev *dev);
void npp_ns_quiesce(struct npp_ns *ns);
void npp_unquiesce_disks(struct npp_dev *dev);
void npp_check_requests(struct npp_dev *dev, bool force_fua);
void npp_kill_disks(struct npp_dev *dev);
void npp_remove_disks(struct npp_dev *dev);
int npp_only_namespace(struct npp_dev *dev, struct npp_ns **ns);

#endif
