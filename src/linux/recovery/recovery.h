/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is done when a command times out or an interrupt is lost.  Process context,
 * sleeps, unless said otherwise.
 */
#ifndef NVMEPP_RECOVERY_H
#define NVMEPP_RECOVERY_H

#include <linux/blk-mq.h>

#include "base/dev.h"

struct seq_file;

/* timeout.c */
enum blk_eh_timer_return npp_timeout(struct request *req);
enum npp_timeout_action npp_handle_timeout(const struct npp_timed_out_cmd *cmd,
					   struct npp_timeout_facts *facts,
					   struct npp_timeout_poll *poll);

/* lost_irq.c; npp_retry_vector_restore(): q->health_lock held */
enum npp_loss npp_diagnose_vector(struct npp_hwq *q);
void npp_account_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int found);
unsigned int npp_recover_lost_irq(struct npp_hwq *q);
unsigned int npp_recover_stalled_cq(struct npp_hwq *q);
unsigned int npp_recover_in_vector_test(struct npp_hwq *q);
void npp_retry_vector_restore(struct npp_hwq *q);

/* vector_state.c, vector_restore.c; q->irq_lock held, the interrupt usable */
enum npp_loss npp_diagnose_vector_locked(struct npp_hwq *q);
bool npp_vector_as_written(struct npp_hwq *q);
void npp_show_vector_locked(struct seq_file *m, struct npp_hwq *q);
bool npp_restore_vector(struct npp_hwq *q);

/* watchdog.c; npp_watchdog_arm(): any context, the submission lock held */
void npp_watchdog_init(struct npp_dev *dev);
void npp_watchdog_arm(struct npp_hwq *q);
void npp_watchdog_lost(struct npp_dev *dev);
void npp_watchdog_calm(struct npp_dev *dev);
void npp_watchdog_late(struct npp_dev *dev);
unsigned int npp_watchdog_paced_us(const struct npp_dev *dev);
void npp_watchdog_kick(struct npp_dev *dev);
void npp_watchdog_kick_all(void);
void npp_watchdog_add(struct npp_dev *dev);
void npp_watchdog_remove(struct npp_dev *dev);
void npp_watchdog_start(struct npp_dev *dev);
void npp_watchdog_stop(struct npp_dev *dev);
bool npp_watchdog_enabled(const struct npp_dev *dev);

/* tick.c; npp_watchdog_quick_tick(): hard interrupt */
bool npp_stall_is_a_loss(const struct npp_hwq *q, const struct npp_stall *stall,
			 unsigned int tick_us);
void npp_check_fallback_poll(struct npp_hwq *q);
bool npp_check_progress(struct npp_hwq *q, struct npp_stall *stall);

/* What a tick has found, and what comes next. */
enum npp_tick {
	NPP_TICK_WORK,		/* the work is to look closer */
	NPP_TICK_IN_DOUBT,	/* a completion waits: the next tick soon */
	NPP_TICK_WELL,
};

enum npp_tick npp_watchdog_quick_tick(struct npp_dev *dev, u64 now_ns);
bool npp_watchdog_tick(struct npp_dev *dev, u64 now_ns, unsigned int tick_us);

/* vector_test.c; npp_vector_test_complete(): as npp_os_complete() */
void npp_test_vectors(struct npp_dev *dev);
unsigned int npp_vector_tests_unanswered(const struct npp_dev *dev);
void npp_vector_test_complete(struct npp_hwq *q);
void npp_vector_test_cancel(struct npp_hwq *q);

#endif
