/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's own functions; a controller is in dev.h, a queue in hwq.h, a request in
 * request.h.  src/README.md has the table of owners and locks.
 */
#ifndef NVMEPP_NVMEPP_H
#define NVMEPP_NVMEPP_H

#include <linux/dma-mapping.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/interrupt.h>

#include "compat/compat.h"
#include "ctrl/dev.h"
#include "pci/params.h"
#include "block/request.h"

/* Process context, sleeps, unless said otherwise. */

/*
 * Age of a request in milliseconds since it was started.  The deadline moves
 * with each extension.
 */
static inline unsigned int npp_age_ms(struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const unsigned long started = req->deadline - req->timeout * (1ul + iod->attempt.extended);

	return jiffies_to_msecs(jiffies - started);
}

/* Interrupts that were this queue's, whoever had taken their completions. */
static inline u64 npp_irqs_handled(const struct npp_hwq *q)
{
	return READ_ONCE(q->interrupts) - READ_ONCE(q->spurious);
}

/*
 * Completions were taken outside the handler: their interrupts, should they come,
 * find nothing.  Context: as npp_queue_reap().
 */
static inline void npp_taken_outside(struct npp_hwq *q, unsigned int taken)
{
	if (!taken)
		return;
	q->reaped_by_poll = true;
	q->announced = taken - 1;
}

/* irq.c */
int npp_irq_alloc_one(struct npp_dev *dev);
int npp_irq_alloc(struct npp_dev *dev, unsigned int io_queues);
int npp_irq_request(struct npp_hwq *q, u16 vector);
void npp_sync_cq(struct npp_hwq *q);
void npp_irq_release(struct npp_hwq *q);
void npp_irq_free(struct npp_dev *dev);
const char *npp_irq_type(const struct npp_dev *dev);
bool npp_irq_started(const struct npp_hwq *q);
unsigned int npp_poll_irqdisable(struct npp_hwq *q);
unsigned int npp_reap_outside(struct npp_hwq *q, bool irqdisable);
void npp_set_fallback_poll(struct npp_hwq *q, bool polling);

/* lost_irq.c */
enum npp_loss npp_diagnose_vector(struct npp_hwq *q);
unsigned int npp_recover_lost_irq(struct npp_hwq *q);
unsigned int npp_recover_stalled_cq(struct npp_hwq *q);
unsigned int npp_recover_in_vector_test(struct npp_hwq *q);
void npp_retry_vector_restore(struct npp_hwq *q);

/* vector_state.c, vector_restore.c: with q->irq_lock held and q->irq_live */
enum npp_loss npp_diagnose_vector_locked(struct npp_hwq *q);
bool npp_vector_as_written(struct npp_hwq *q);
bool npp_restore_vector(struct npp_hwq *q);

/* watchdog.c; npp_watchdog_arm(): any context, with the submission lock held */
void npp_watchdog_arm(struct npp_hwq *q);
void npp_watchdog_kick(struct npp_dev *dev);
void npp_watchdog_stop(struct npp_dev *dev);
void npp_watchdog_work(struct work_struct *work);
bool npp_watchdog_enabled(const struct npp_dev *dev);
void npp_check_fallback_poll(struct npp_hwq *q);

/* fallback_poll.c; npp_fallback_poll_start(): any context */
void npp_fallback_poll_init(struct npp_hwq *q);
void npp_fallback_poll_start(struct npp_hwq *q);
void npp_fallback_poll_begin(struct npp_hwq *q);
void npp_fallback_poll_end(struct npp_hwq *q);
void npp_fallback_poll_quit(struct npp_hwq *q);

/* poll_queue.c */
void npp_set_pollable(struct npp_hwq *q, bool pollable);
int npp_poll_hctx(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch);
void npp_poll_all(struct npp_dev *dev);

/* vector_test.c */
int npp_test_vectors(struct npp_dev *dev);
void npp_vector_test_complete(struct npp_hwq *q);
void npp_vector_test_cancel(struct npp_hwq *q);

/* recovery_attrs.c */
void npp_sysfs_add(struct npp_dev *dev);
void npp_sysfs_remove(struct npp_dev *dev);

/* pci.c */
void npp_watchdog_kick_all(void);

/* device.c */
struct npp_dev *npp_dev_create(struct pci_dev *pdev, unsigned long quirks);
void npp_dev_destroy(struct npp_dev *dev);
void npp_dev_exit(void);
int npp_number_alloc(struct ida *ida);

/* queue.c */
int npp_queue_alloc(struct npp_dev *dev, unsigned int qid, u16 depth);
void npp_queue_free(struct npp_dev *dev, unsigned int qid);
unsigned int npp_queue_bytes(const struct npp_hwq *q);

/* admin.c */
void npp_admin_complete(struct npp_hwq *q, u16 tag, u16 status, u64 result);
void npp_admin_cancel_all(struct npp_dev *dev);
int npp_admin_identify(struct npp_dev *dev);
int npp_admin_timed(struct npp_dev *dev, const struct npp_sqe *sqe, u64 *result,
		    unsigned int timeout_ms);

/* blk.c */
extern const struct blk_mq_ops npp_mq_ops;

/* prp_table.c (the rest is in prp_table.h) */
int npp_tables_init(struct npp_dev *dev);
void npp_tables_exit(struct npp_dev *dev);

/* dma.c (the rest is in dma.h) */
int npp_dma_init(struct npp_dev *dev);
void npp_dma_exit(struct npp_dev *dev);

/* complete.c; any context */
void npp_complete_rq(struct request *req);
void npp_complete_batch(struct io_comp_batch *batch);
void npp_cancel_requests(struct npp_dev *dev);

/* timeout.c */
enum blk_eh_timer_return npp_timeout(struct request *req);
enum npp_timeout_action npp_handle_timeout(const struct npp_timed_out_cmd *o, struct npp_timeout_facts *facts);

/* bring_up.c */
int npp_pci_enable(struct npp_dev *dev);
void npp_pci_disable(struct npp_dev *dev);
int npp_bring_up(struct npp_dev *dev);
bool npp_tear_down(struct npp_dev *dev, bool shutdown);
bool npp_reachable(struct npp_dev *dev);

/* reset.c */
extern struct workqueue_struct *npp_wq;
int npp_reset_init(void);
void npp_reset_exit(void);
void npp_reset_work(struct work_struct *work);
bool npp_set_state(struct npp_dev *dev, enum npp_state to);
bool npp_reset_schedule(struct npp_dev *dev, enum npp_reset_reason reason);
void npp_fail_ctrl(struct npp_dev *dev, enum npp_reset_reason reason);
int npp_reset_wait(struct npp_dev *dev, enum npp_reset_reason reason);
bool npp_pause(struct npp_dev *dev, enum npp_hold hold, enum npp_reset_reason reason);
int npp_unpause(struct npp_dev *dev, enum npp_hold hold);
unsigned int npp_hold_limit_ms(void);
unsigned int npp_reset_answer_ms(void);

/* pm.c */
extern const struct dev_pm_ops npp_pm_ops;

/* err_handler.c */
extern const struct pci_error_handlers npp_pci_error_handlers;
void npp_hold_work(struct work_struct *work);
void npp_reset_end(struct npp_dev *dev);

/* async_event.c; npp_complete_async_event(): any context; npp_cancel_async_event(): dev->admin_lock held */
void npp_submit_async_event(struct npp_dev *dev);
void npp_complete_async_event(struct npp_dev *dev, u16 status, u32 result);
void npp_cancel_async_event(struct npp_dev *dev);
void npp_async_event_work(struct work_struct *work);
void npp_check_async_event_irq(struct npp_dev *dev, unsigned int stall_ticks);

/* scan.c */
void npp_scan(struct npp_dev *dev);
void npp_scan_work(struct work_struct *work);
bool npp_scan_schedule(struct npp_dev *dev);
int npp_rescan(struct npp_dev *dev);
void npp_reread_frozen(struct npp_dev *dev);
void npp_ns_read_use(struct npp_ns *ns);

/* disk.c; dev->scan_lock held */
void npp_ns_add(struct npp_dev *dev, const struct npp_ns_info *info);
void npp_ns_remove(struct npp_dev *dev, struct npp_ns *ns);
void npp_ns_change_blocks(struct npp_ns *ns, const struct npp_ns_info *info);

/* ns_update.c; dev->scan_lock held */
void npp_ns_reread(struct npp_ns *ns, const struct npp_ns_info *info);
void npp_ns_found(struct npp_dev *dev, const struct npp_ns_info *info);
void npp_ns_keep(struct npp_dev *dev, u32 nsid);
void npp_remove_stale_namespaces(struct npp_dev *dev);

/* quiesce.c */
void npp_freeze_disks(struct npp_dev *dev);
void npp_unfreeze_disks(struct npp_dev *dev);
bool npp_drain_disks(struct npp_dev *dev, unsigned int limit_ms);
void npp_undrain_disks(struct npp_dev *dev);
void npp_quiesce_disks(struct npp_dev *dev);
void npp_unquiesce_disks(struct npp_dev *dev);
void npp_kill_disks(struct npp_dev *dev);
void npp_remove_disks(struct npp_dev *dev);
int npp_only_namespace(struct npp_dev *dev, struct npp_ns **ns);

/* log.c; any context */
void npp_log_timeout(struct request *req, const struct npp_timeout_facts *facts,
		     enum npp_timeout_action step);
void npp_log_admin_timeout(struct npp_dev *dev, u8 opcode, unsigned int limit_ms,
			   const struct npp_timeout_facts *facts, enum npp_timeout_action step);
void npp_log_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		   enum npp_irq_action action);
void npp_log_mode(struct npp_hwq *q, bool polling);
const char *npp_reset_reason_text(enum npp_reset_reason reason);
const char *npp_reset_target_text(enum npp_reset_target target);

/* debugfs.c */
void npp_debugfs_init(void);
void npp_debugfs_exit(void);
void npp_debugfs_add(struct npp_dev *dev);
void npp_debugfs_remove(struct npp_dev *dev);

/* Lines begin with the PCI address and the controller's name. */
#define npp_log(level, owner, fmt, ...) \
	do { \
		const struct npp_dev *npp_owner = (owner); \
		\
		dev_##level(&npp_owner->pdev->dev, "%s: " fmt, npp_owner->name, ##__VA_ARGS__); \
	} while (0)
#define npp_info(owner, fmt, ...) npp_log(info, owner, fmt, ##__VA_ARGS__)
#define npp_warn(owner, fmt, ...) npp_log(warn, owner, fmt, ##__VA_ARGS__)
#define npp_err(owner, fmt, ...) npp_log(err, owner, fmt, ##__VA_ARGS__)
#define npp_warn_limited(owner, fmt, ...) npp_log(warn_ratelimited, owner, fmt, ##__VA_ARGS__)

#endif
