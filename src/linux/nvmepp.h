/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's own structures and functions; a queue is in hwq.h, a request in
 * request.h.  src/README.md has the table of owners and locks.
 */
#ifndef NVMEPP_NVMEPP_H
#define NVMEPP_NVMEPP_H

#include <linux/blk-mq.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/mempool.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <nvmepp/core.h>
#include <nvmepp/passthrough.h>

#include "compat/compat.h"
#include "hwq.h"
#include "request.h"

#define NPP_MAX_SEGMENTS	128	/* one page of scatterlist */
#define NPP_ADMIN_TAGS		(NPP_ADMIN_DEPTH - 1)
#define NPP_EVENT_TAG		(NPP_ADMIN_TAGS - 1)	/* the request for events has it */
#define NPP_DOORBELLS		0x1000	/* NVMe base 2.0, 3.1.3; regs.hpp has the rest */

/* In pci_device_id.driver_data, beside the quirks that the core knows. */
#define NPP_QUIRK_DMA_48BIT		BIT(16)

/* Module parameters (params.c), checked once at load. */
struct npp_params {
	unsigned int io_timeout_ms;
	unsigned int admin_timeout_ms;
	unsigned int shutdown_timeout_ms;
	unsigned int max_queues;
	unsigned int poll_queues;
	unsigned int queue_depth;
	unsigned int instance_base;
	bool standard_names;
	unsigned int lost_irq_ms;	/* may change at any time */
	unsigned int lost_irq_budget;	/* the same */
	enum npp_irq_cap lost_irq_action;
	unsigned int irq_types;		/* PCI_IRQ_*: what may be tried */
	const char *irq_types_text;
};

extern struct npp_params npp_params;
int npp_params_check(void);
int npp_parse_irq_action(const char *text, enum npp_irq_cap *cap);
const char *npp_irq_action_name(enum npp_irq_cap cap);

struct npp_admin_wait {
	struct completion done;
	unsigned int timeout_ms;
	u64 result;			/* dwords 0 and 1 of the completion */
	int error;			/* as nppk_admin() returns it */
	bool found_by_look;
};

/* A command as it was when its time was over: a request, or an admin command. */
struct npp_overdue {
	struct npp_hwq *q;
	struct request *req;
	unsigned long deadline;		/* of @req: moves if it is sent again */
	struct npp_admin_wait *wait;	/* of an admin command; NULL: a request */
	unsigned int timeout_ms;
};

enum npp_reset_reason {
	NPP_RESET_IO_TIMEOUT,
	NPP_RESET_ADMIN_TIMEOUT,
	NPP_RESET_DEVICE_GONE,
	NPP_RESET_LOST_IRQS,
	NPP_RESET_USER,
	NPP_RESET_SLEEP,
	NPP_RESET_FUNCTION,
	NPP_RESET_PCI_ERROR,
	NPP_RESET_PCI_LOST,
	NPP_RESET_REASONS
};

/* The one request for asynchronous events. */
enum npp_event_step {
	NPP_EVENTS_UNASKED,	/* not in flight */
	NPP_EVENTS_ASKED,	/* in flight, for as long as nothing happens */
	NPP_EVENTS_TOLD,	/* completed; the work takes the result, then asks again */
	NPP_EVENTS_REFUSED	/* completed with an error: not asked before the next reset */
};

/* How far a run of the reset work goes. */
enum npp_goal {
	NPP_GOAL_LIVE,
	NPP_GOAL_PAUSED,	/* to step 7 */
	NPP_GOAL_FAILED
};

/* Who wants the controller to stay down for now: any number of them. */
enum npp_hold {
	NPP_HOLD_SLEEP = BIT(0),	/* the system's */
	NPP_HOLD_FUNCTION = BIT(1),	/* a reset of the PCI function or its bus */
	NPP_HOLD_PCI_ERROR = BIT(2),	/* recovery from a PCI error */
	NPP_HOLD_ANY = NPP_HOLD_SLEEP | NPP_HOLD_FUNCTION | NPP_HOLD_PCI_ERROR
};

struct npp_dev {
	struct npp_ctrl ctrl;
	struct pci_dev *pdev;
	void __iomem *bar;
	int instance;
	char name[16];
	spinlock_t state_lock;		/* changes of the controller's state */
	unsigned int page_bytes;	/* that the controller works with */
	unsigned int max_queues;	/* I/O queues at most; queues[] has room for them */

	struct npp_hwq *queues;		/* [0] is the admin queue's */
	unsigned int allocated_queues;	/* I/O queues that have memory */
	unsigned int io_queues;		/* I/O queues that the controller serves */
	unsigned int irq_queues;	/* with interrupts: the first ones; probe's */
	unsigned int poll_queues;	/* without: those after them; probe's */
	unsigned int vectors;
	struct blk_mq_tag_set tag_set;
	bool has_tag_set;
	mempool_t *table_pool;
	mempool_t *sg_pool;
	struct dma_pool *prp_pool;
	struct npp_segment_layout segment_layout; /* of the scatterlists */
	unsigned long unmap_attrs;	/* DMA_ATTR_*, for all data: npp_dma_init() */

	spinlock_t admin_lock;		/* admin submissions and the two below; irqsave */
	struct npp_admin_wait *waiters[NPP_ADMIN_TAGS];
	unsigned long admin_busy;	/* bit = tag */
	wait_queue_head_t admin_free;
	struct task_struct *bring_up_task;
	unsigned int farewell_ms;	/* its admin commands may take so long; 0: as always */

	/* Asynchronous events; events.c.  admin_lock but for the work and the watchdog's. */
	enum npp_event_step event_step;
	u32 event_result;		/* of the event that has been told */
	unsigned int event_burst;	/* events until event_burst_end */
	unsigned long event_burst_end;	/* jiffies */
	u64 events;
	struct delayed_work event_work;
	u64 event_interrupts;		/* the watchdog's: when one was first seen waiting */
	unsigned int event_ticks;	/* for how long since */

	struct npp_ctrl_info info;
	struct mutex info_lock;		/* the texts in it; a leaf */
	void *identify_page;		/* bring-up's */
	dma_addr_t identify_dma;

	struct mutex ns_lock;		/* the list only, never held across I/O or admin commands */
	struct list_head namespaces;
	unsigned int nr_namespaces;

	bool quiesced;			/* the disks are; ns_lock */

	struct npp_gate *gate;		/* nodes come through it */
	struct npp_node *node;		/* nvme<N>, the disks' parent */
	struct npp_subsystem *subsystem; /* NULL: not shown in one; probe's, then remove's */
	struct mutex scan_lock;		/* scans, and the commands that change what they find */
	struct work_struct scan_work;
	unsigned int scan_round;	/* scan_lock */
	struct mutex effects_lock;	/* reading the two below */
	struct npp_effects effects;
	bool effects_read;

	struct work_struct reset_work;
	enum npp_reset_reason reset_reason;
	bool give_up;			/* no bring-up after the next teardown; state_lock */
	unsigned int holds;		/* enum npp_hold: no bring-up for now; state_lock */
	bool down;			/* by a pause; the reset work's */
	struct delayed_work hold_work;	/* gives up when PCI error recovery takes too long */
	bool leaving;			/* the last teardown is remove's own; state_lock */
	bool pci_enabled;
	bool had_its_time;		/* not ready, or not off, within CAP.TO: bring_up.c */
	u64 waited_ms;			/* for the controller, since its reset began; the reset's */
	u64 resets;
	u64 reset_failures;
	u64 pauses;

	struct delayed_work watch_work;
	unsigned int coalescing_ms;	/* for which the device may hold back an interrupt */
	enum npp_irq_cap irq_cap;	/* lost_irq_action; may change at any time */
	u64 loss_resets;		/* resets because of lost interrupts */
	u64 loss_reset_ms;		/* when the last one was, 0: never */
	struct mutex rearm_lock;	/* restoring vectors is for one at a time */

	struct dentry *debugfs;
	bool in_sysfs;
};

/* One without an interrupt: who waits polls (poll_queue.c). */
static inline bool npp_is_poll_queue(const struct npp_hwq *q)
{
	return q->qid > q->dev->irq_queues;
}

struct npp_ns {
	struct list_head entry;
	struct npp_dev *dev;
	struct gendisk *disk;
	u64 head[2];			/* npp_rw_head() of a read, of a write */
	unsigned int sector_shift;	/* of a block: sectors in binary logarithm */
	struct npp_gate *gate;		/* a reference */
	struct npp_node *node;		/* ng<N>n<M>; NULL: none */
	unsigned int scan_round;	/* the last scan that has met it */
	unsigned int freeze_flags;
	struct npp_ns_info info;
	struct ratelimit_state use_limit; /* asking how many blocks are in use */
	bool draining;			/* no new request begins; ns_lock */
};

/* Process context, sleeps, unless said otherwise. */

/*
 * Age of a request in milliseconds since it was started.  The deadline moves
 * with each extension.
 */
static inline unsigned int npp_age_ms(struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const unsigned long started = req->deadline - req->timeout * (1ul + iod->so_far.extended);

	return jiffies_to_msecs(jiffies - started);
}

/* Interrupts that were this queue's, whoever had taken their completions. */
static inline u64 npp_heard(const struct npp_hwq *q)
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
	q->taken_by_look = true;
	q->announced = taken - 1;
}

/* irq.c */
int npp_irq_alloc_one(struct npp_dev *dev);
int npp_irq_alloc(struct npp_dev *dev, unsigned int io_queues);
int npp_irq_request(struct npp_hwq *q, u16 vector);
void npp_irq_release(struct npp_hwq *q);
void npp_irq_free(struct npp_dev *dev);
const char *npp_irq_type(const struct npp_dev *dev);
bool npp_irq_started(const struct npp_hwq *q);
unsigned int npp_look(struct npp_hwq *q);
unsigned int npp_reap_outside(struct npp_hwq *q, bool look);
void npp_set_polling(struct npp_hwq *q, bool polling);

/* catch.c */
enum npp_loss npp_why(struct npp_hwq *q);
unsigned int npp_catch(struct npp_hwq *q);
unsigned int npp_catch_unheard(struct npp_hwq *q);
unsigned int npp_catch_in_test(struct npp_hwq *q);
void npp_mend_polled(struct npp_hwq *q);

/* loss.c, rearm.c: with q->look_lock held and q->irq_live */
enum npp_loss npp_classify(struct npp_hwq *q);
bool npp_vector_as_written(struct npp_hwq *q);
bool npp_rearm(struct npp_hwq *q);

/* watchdog.c; npp_wake(): any context, with the submission lock held */
void npp_wake(struct npp_hwq *q);
void npp_watch_kick(struct npp_dev *dev);
void npp_watch_stop(struct npp_dev *dev);
void npp_watch_work(struct work_struct *work);
bool npp_watching(const struct npp_dev *dev);
void npp_check_polling(struct npp_hwq *q);

/* poller.c; npp_poll_start(): any context */
void npp_poll_init(struct npp_hwq *q);
void npp_poll_start(struct npp_hwq *q);
void npp_poll_begin(struct npp_hwq *q);
void npp_poll_end(struct npp_hwq *q);
void npp_poll_quit(struct npp_hwq *q);

/* poll_queue.c */
void npp_set_pollable(struct npp_hwq *q, bool pollable);
int npp_poll_hctx(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch);
void npp_poll_all(struct npp_dev *dev);

/* vector_test.c */
int npp_test_vectors(struct npp_dev *dev);
void npp_own_complete(struct npp_hwq *q);
void npp_own_cancel(struct npp_hwq *q);

/* sysfs.c */
void npp_sysfs_add(struct npp_dev *dev);
void npp_sysfs_remove(struct npp_dev *dev);

/* pci.c */
void npp_watch_all(void);

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

/* table.c (the rest is in table.h) */
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
enum npp_step npp_conclude(const struct npp_overdue *o, struct npp_timeout_facts *facts);

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
void npp_give_up(struct npp_dev *dev, enum npp_reset_reason reason);
int npp_reset_wait(struct npp_dev *dev, enum npp_reset_reason reason);
bool npp_pause(struct npp_dev *dev, enum npp_hold hold, enum npp_reset_reason reason);
int npp_unpause(struct npp_dev *dev, enum npp_hold hold);
unsigned int npp_hold_limit_ms(void);
unsigned int npp_reset_answer_ms(void);

/* sleep.c */
extern const struct dev_pm_ops npp_pm_ops;

/* pci_recovery.c */
extern const struct pci_error_handlers npp_pci_error_handlers;
void npp_hold_work(struct work_struct *work);
void npp_reset_end(struct npp_dev *dev);

/* events.c; npp_event_complete(): any context; npp_events_forget(): dev->admin_lock held */
void npp_events_ask(struct npp_dev *dev);
void npp_event_complete(struct npp_dev *dev, u16 status, u32 result);
void npp_events_forget(struct npp_dev *dev);
void npp_event_work(struct work_struct *work);
void npp_events_watch(struct npp_dev *dev, unsigned int patience);

/* scan.c */
void npp_scan(struct npp_dev *dev);
void npp_scan_work(struct work_struct *work);
bool npp_scan_schedule(struct npp_dev *dev);
int npp_rescan(struct npp_dev *dev);
void npp_ns_read_use(struct npp_ns *ns);

/* disk.c */
void npp_ns_found(struct npp_dev *dev, const struct npp_ns_info *info);
void npp_ns_keep(struct npp_dev *dev, u32 nsid);
void npp_ns_drop_others(struct npp_dev *dev);
int npp_only_namespace(struct npp_dev *dev, struct npp_ns **ns);
void npp_disks_remove(struct npp_dev *dev);

/* disks.c */
void npp_disks_freeze(struct npp_dev *dev);
void npp_disks_unfreeze(struct npp_dev *dev);
bool npp_disks_drain(struct npp_dev *dev, unsigned int limit_ms);
void npp_disks_undrain(struct npp_dev *dev);
void npp_disks_quiesce(struct npp_dev *dev);
void npp_disks_resume(struct npp_dev *dev);
void npp_disks_dead(struct npp_dev *dev);

/* log.c; any context */
void npp_log_overdue(struct request *req, const struct npp_timeout_facts *facts,
		     enum npp_step step);
void npp_log_admin_overdue(struct npp_dev *dev, u8 opcode, unsigned int limit_ms,
			   const struct npp_timeout_facts *facts, enum npp_step step);
void npp_log_catch(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		   enum npp_irq_action action);
void npp_log_mode(struct npp_hwq *q, bool polling);
const char *npp_reset_reason_text(enum npp_reset_reason reason);
const char *npp_goal_text(enum npp_goal goal);

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
