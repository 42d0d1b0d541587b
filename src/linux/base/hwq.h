/* SPDX-License-Identifier: GPL-2.0 */
/* A queue pair with its interrupt: what submitters, handler, timeout poll and watchdog share. */
#ifndef NVMEPP_HWQ_H
#define NVMEPP_HWQ_H

#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <nvmepp/core.h>

struct npp_dev;
struct npp_table;

/*
 * How a queue is being reaped: what npp_os_complete() has to know of it.  Whoever
 * reaps has the rest of the world kept out, and leaves it as it was.
 */
struct npp_reap {
	bool one_by_one;		/* no batch: a poll, or a queue that is taken down */
	bool irqdisable;			/* for what may be lost; with one_by_one */
	struct io_comp_batch batch;	/* of the handler or the timer; else empty */
};

/* What a table for a large request has room for: prp_table.c. */
enum npp_table_size {
	NPP_TABLE_SMALL,
	NPP_TABLE_LARGE,		/* of all segments */
	NPP_TABLE_LONG,			/* of all segments and all lists */
	NPP_TABLE_SIZES
};

/* Tables that wait for the next large requests. */
struct npp_table_pool {
	struct npp_table *last[NPP_TABLE_SIZES]; /* exchanged: the taker owns it; NULL: none */
	struct npp_table *unused[NPP_TABLE_SIZES]; /* the others: lock */
	spinlock_t lock;		/* a leaf; irqsave */
};

/*
 * One queue pair and its interrupt.  Hot to cold: the core's two cache lines,
 * then the submitters', then the handler's, then what only slow paths touch.
 */
struct npp_hwq {
	struct npp_queue core;

	spinlock_t sq_lock;		/* submissions; the admin queue has dev->admin_lock */
	bool enabled;			/* the controller knows this queue: written quiesced */
	bool arm_watchdog;		/* the next submission calls npp_watchdog_arm() */
	u16 qid;
	struct npp_dev *dev;
	struct device *dma;		/* &dev->pdev->dev */
	unsigned long unmap_attrs;	/* dev->unmap_attrs */
	unsigned int page_mask;		/* dev->page_bytes - 1 */
	unsigned int two_pages;		/* bytes */
	void *small;			/* NPP_SMALL_BYTES a tag */
	dma_addr_t small_dma;

	struct request **requests ____cacheline_aligned_in_smp; /* blk-mq's, by tag */
	u16 mq_tags;			/* that many are blk-mq's; 0: the admin queue */
	bool reaped_by_poll;		/* since the last interrupt; written with it disabled */
	bool shares_vector;		/* with the admin queue: others' interrupts are normal */
	unsigned int announced;		/* completions taken without an interrupt of their own */
	u64 interrupts;			/* spurious included */
	union {
		struct {
			bool fallback_poll;	/* by timer */
			bool irqdisable_poll;	/* a poll runs: written with irq_lock held */
			bool read_first; /* a register, before reaping: see npp_irq() */
			bool offline;	/* a reset's, or not there yet; poll_lock for writing */
		};
		u32 slow_path;		/* any of them */
	};
	spinlock_t poll_lock;		/* reaping outside the handler; when polling, in it */
	struct npp_reap reap;

	u64 spurious;			/* interrupts that found nothing and should have */
	u64 early_irq_seq;		/* what was taken, + 1, at the last with any in flight */
	u64 late;			/* interrupts whose completions a poll had taken */
	struct mutex irq_lock;		/* polls, going offline, and the two below */
	int irq;			/* from probe to remove, 0: none; see irq.c */
	u16 vector;
	u64 irqdisable_polls;
	u64 lost_irq_completions;			/* commands that a poll completed */

	struct npp_table_pool tables ____cacheline_aligned_in_smp;

	/* The watchdog's own cache line. */
	struct npp_stall stall ____cacheline_aligned_in_smp;
	bool watchdog_marked;		/* it has set arm_watchdog; found idle since */
	bool maybe_late;		/* a silent loss, whose interrupt may come yet */
	struct npp_irq_health health;
	enum npp_loss stall_loss;	/* the vector's state after the first tick of a stall */

	struct mutex health_lock;	/* one lost interrupt at a time; taken before irq_lock */
	u64 lost_by_kind[NPP_LOSSES];
	u64 vector_restores;
	u64 max_stall_ms;			/* the longest that a lost command has waited */
	u64 stalls[NPP_STALL_BUCKETS];	/* lost commands by how long they have waited */
	u64 irqs_at_last_loss;		/* npp_irqs_handled() then */
	u64 for_nothing_at_last_loss;	/* npp_irqs_for_nothing() after the poll */
	u64 last_loss_ms;		/* when that was */
	u64 restore_checked_ms;			/* when the vector was last checked while polling */

	unsigned long uevents;		/* bits of enum npp_uevent to be sent */
	struct hrtimer poll_timer;
	u64 polled;			/* commands that the timer, or who waited, completed */
	spinlock_t timer_lock;		/* starting the timer, and the three below */
	bool timer_wanted;
	bool timer_armed;
	struct npp_poll_pace poll_pace;	/* the timer's; while it is not armed, of who arms it */

	u64 cancelled;			/* commands that a teardown has ended */
	u64 rung_again;			/* registers that repeat a shadow doorbell; sq_lock */
	atomic_long_t lost_doorbells;	/* commands that timed out for want of one */
	u16 vector_test_tag;		/* not blk-mq's: for the test of the vector; 0: none */
	bool vector_test_found_by_poll;
	bool vector_test_in_flight;
	bool vector_test_without_irq;	/* all CPUs of the vector have gone offline during it */
	struct completion vector_test_done;

	/* Where queues are fewer, or shorter, than blk-mq has contexts: shared_queues.c. */
	struct npp_hwq *target;		/* takes this context's requests; NULL: itself, or none */
	spinlock_t share_lock;
	struct request **shared;	/* by tag; NULL: never shared yet */
	unsigned long *shared_busy;	/* a bit a tag; share_lock */
	unsigned int shared_tags;	/* that may be used at a time; 0: not shared now */

	u16 depth;
	u16 tags;
	void *sq;
	void *cq;
	dma_addr_t sq_dma;
	dma_addr_t cq_dma;
	u16 *slots;
	char irq_name[24];
};

/* The queue that has the request's command. */
static inline struct npp_hwq *npp_queue_of(struct request *req)
{
	struct npp_hwq *q = req->mq_hctx->driver_data;

	return READ_ONCE(q->target) ?: q;
}

/* False for a poll queue, and before probe has requested it. */
static inline bool npp_has_irq(const struct npp_hwq *q)
{
	return q->irq > 0;
}

/* No reset owns the queue, which has an interrupt.  Stays so while irq_lock is held. */
static inline bool npp_irq_is_usable(const struct npp_hwq *q)
{
	return npp_has_irq(q) && !READ_ONCE(q->offline);
}

#endif
