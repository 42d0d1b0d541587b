// SPDX-License-Identifier: GPL-2.0
/*
 * The driver without what it does about lost interrupts besides the rule: this file in
 * place of lost_irq.c, vector_state.c, vector_restore.c, vector_test.c, watchdog.c, tick.c
 * and fallback_poll.c (`make NPP_RULE_ONLY=1', see Kbuild).  What is left of recovery is
 * timeout.c, timeout_policy.hpp and npp_poll_irqdisable(): what a backport of "nvme/pci:
 * Poll CQ on timeout" has.  Built and tested by `make check' to prove that this holds.
 */

#include <linux/seq_file.h>

#include "queue/queue.h"
#include "recovery/recovery.h"

enum npp_loss npp_diagnose_vector(struct npp_hwq *q)
{
	return NPP_LOSS_SILENT;
}

void npp_show_vector_locked(struct seq_file *m, struct npp_hwq *q)
{
	seq_puts(m, " - - - - -\n");
}

void npp_account_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int found)
{
}

unsigned int npp_recover_lost_irq(struct npp_hwq *q)
{
	return npp_poll_irqdisable(q);
}

/* No watchdog: a lost interrupt is noticed when a command times out. */
bool npp_watchdog_enabled(const struct npp_dev *dev)
{
	return false;
}

void npp_watchdog_init(struct npp_dev *dev)
{
}

bool npp_stall_is_a_loss(const struct npp_hwq *q, const struct npp_stall *stall,
			 unsigned int tick_us)
{
	return false;
}

bool npp_check_progress(struct npp_hwq *q, struct npp_stall *stall)
{
	return true;
}

void npp_watchdog_arm(struct npp_hwq *q)
{
	WRITE_ONCE(q->arm_watchdog, false);
}

void npp_watchdog_kick(struct npp_dev *dev)
{
}

void npp_watchdog_kick_all(void)
{
}

void npp_watchdog_add(struct npp_dev *dev)
{
}

void npp_watchdog_remove(struct npp_dev *dev)
{
}

void npp_watchdog_start(struct npp_dev *dev)
{
}

void npp_watchdog_stop(struct npp_dev *dev)
{
}

/* No queue is polled by a timer. */
void npp_fallback_poll_init(struct npp_hwq *q)
{
}

void npp_fallback_poll_quit(struct npp_hwq *q)
{
}

void npp_check_fallback_poll(struct npp_hwq *q)
{
}

/* Vectors are not tested after a reset: upstream does not, either. */
void npp_test_vectors(struct npp_dev *dev)
{
}

void npp_vector_test_complete(struct npp_hwq *q)
{
}

void npp_vector_test_cancel(struct npp_hwq *q)
{
}

unsigned int npp_vector_tests_unanswered(const struct npp_dev *dev)
{
	return 0;
}
