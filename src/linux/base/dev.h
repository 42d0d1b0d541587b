/* SPDX-License-Identifier: GPL-2.0 */
/* A controller, its namespaces, and what is known of those who wait for it. */
#ifndef NVMEPP_DEV_H
#define NVMEPP_DEV_H

#include <linux/atomic.h>
#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dmapool.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <nvmepp/core.h>
#include <nvmepp/passthrough.h>

#include "base/hwq.h"
#include "base/request.h"
#include "compat/compat.h"

#define NPP_MAX_SEGMENTS	128	/* one page of scatterlist */
#define NPP_ADMIN_TAGS		(NPP_ADMIN_DEPTH - 1)
#define NPP_EVENT_TAG		(NPP_ADMIN_TAGS - 1)	/* the request for events has it */
#define NPP_DOORBELLS		0x1000	/* NVMe base 2.0, 3.1.3; regs.hpp has the rest */

/* In pci_device_id.driver_data, beside the quirks that the core knows. */
#define NPP_QUIRK_DMA_48BIT		BIT(16)

struct npp_admin_wait {
	struct completion done;
	unsigned int timeout_ms;
	u64 result;			/* dwords 0 and 1 of the completion */
	int error;			/* as npp_os_admin() returns it */
	bool found_by_poll;
};

/* A command that timed out, as it was then: a request, or an admin command. */
struct npp_timed_out_cmd {
	struct npp_hwq *q;
	struct request *req;
	unsigned long deadline;		/* of @req: moves if it is sent again */
	struct npp_admin_wait *wait;	/* of an admin command; NULL: a request */
	unsigned int timeout_ms;
	u16 tag;
};

/* What polling its queue has shown. */
struct npp_timeout_poll {
	enum npp_poll_result result;
	enum npp_loss loss;		/* why the interrupt was lost, if it was */
	bool rung_again;		/* the device may have missed the shadow doorbell */
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
	NPP_RESET_CTRL_LOSS,
	NPP_RESET_REMOVAL,
	NPP_RESET_REASONS
};

/* The one request for asynchronous events. */
enum npp_async_event_state {
	NPP_ASYNC_EVENT_IDLE,	/* not in flight */
	NPP_ASYNC_EVENT_SUBMITTED,	/* in flight, for as long as nothing happens */
	NPP_ASYNC_EVENT_COMPLETED,	/* completed; the work takes the result, then asks again */
	NPP_ASYNC_EVENT_REFUSED	/* completed with an error: not asked before the next reset */
};

/* How a controller is taken down. */
enum npp_down {
	NPP_DOWN,
	NPP_DOWN_ORDERLY,	/* its queues deleted, CC.SHN, before it is disabled */
	NPP_DOWN_AT_ONCE	/* it has just had CAP.TO: disabled without waiting for it */
};

enum npp_uevent {
	NPP_UEVENT_RECONNECTING,
	NPP_UEVENT_LIVE,
	NPP_UEVENT_FAILED,
	NPP_UEVENT_DEGRADED,	/* of a queue: it is polled by a timer; the next one: no longer */
	NPP_UEVENT_RECOVERED,
	NPP_UEVENTS
};

struct npp_dev {
	struct npp_ctrl ctrl;
	struct pci_dev *pdev;
	void __iomem *bar;
	int instance;
	char name[16];
	spinlock_t state_lock;		/* the controller's state: ctrl/state.c */
	wait_queue_head_t state_changed;
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
	struct dma_pool *list_pool;	/* pages of PRPs */
	struct dma_pool *small_list_pool;
	struct npp_table *reserve_table; /* exchanged: the taker owns it; NULL: in use */
	atomic_long_t table_bytes;	/* that queues keep, used or not */
	atomic_long_t table_allocations;
	struct npp_segment_layout segment_layout; /* of the scatterlists */
	unsigned long unmap_attrs;	/* DMA_ATTR_*, for all data: npp_dma_init() */

	spinlock_t admin_lock;		/* admin submissions and the two below; irqsave */
	struct npp_admin_wait *waiters[NPP_ADMIN_TAGS];
	unsigned long admin_busy;	/* bit = tag */
	wait_queue_head_t admin_free;
	struct task_struct *bring_up_task;
	unsigned int shutdown_cmd_timeout_ms; /* of an orderly shutdown; 0: none is on */

	/* Asynchronous events; async_event.c.  admin_lock but for the work and the watchdog's. */
	enum npp_async_event_state async_event_state;
	u32 event_result;		/* of the event that has been reported */
	unsigned int event_burst;	/* events until event_burst_end */
	unsigned long event_burst_end;	/* jiffies */
	u64 events;
	struct delayed_work event_work;

	struct npp_ctrl_info info;
	struct mutex info_lock;		/* the texts in it; a leaf */
	struct npp_page identify;	/* bring-up's */
	void *shadow;			/* shadow doorbells and event indices; probe's, or NULL */
	dma_addr_t shadow_dma;
	bool shadow_used;		/* by the I/O queues; bring-up's */

	struct mutex ns_lock;		/* the list only, never held across I/O or admin commands */
	struct list_head namespaces;
	unsigned int nr_namespaces;

	bool draining;			/* no new request begins on them; ns_lock */
	bool kill_after_drain;		/* npp_kill_disks() came meanwhile; ns_lock */

	struct npp_gate *gate;		/* nodes come through it */
	struct npp_node *node;		/* nvme<N>, the disks' parent */
	struct npp_subsystem *subsystem; /* NULL: not shown in one; probe's, then remove's */
	struct mutex scan_lock;		/* scans, and the commands that change what they find */
	struct work_struct scan_work;
	unsigned int scan_round;	/* scan_lock */
	struct mutex effects_lock;	/* reading the two below */
	struct npp_effects effects;
	bool effects_read;

	struct delayed_work reset_work;	/* reset.c; state_lock for queueing it */
	enum npp_reset_reason reset_reason; /* state_lock */
	enum npp_state failed_state;	/* in which the disks fail; the reset worker's */
	enum npp_reset_reason failed_reason; /* the same */
	struct npp_reconnect reconnect;	/* the reset worker's; state_lock for writing */
	int ctrl_loss_tmo;		/* seconds, NPP_TMO_OFF; may change at any time */
	int fast_io_fail_tmo;		/* the same */
	char attempt_text[96];		/* what failed it last; the reset worker's */
	bool paused;			/* since it was last live; the reset worker's */
	unsigned long uevents;		/* bits of enum npp_uevent to be sent */
	struct work_struct uevent_work;
	struct delayed_work hold_work;	/* ends a hold for PCI error recovery */
	struct delayed_work removal_work; /* bounds what removal waits for; the two below */
	u64 removal_completions;
	u64 removal_idle_ms;
	bool pci_enabled;
	u64 resets;
	u64 reset_failures;
	u64 pauses;

	struct work_struct watch_work;
	struct hrtimer watch_timer;
	struct list_head watch_entry;	/* npp_watched_lock */
	spinlock_t watch_lock;		/* kicking the work, and the two below; a leaf */
	bool watch_enabled;
	struct npp_watch_pace watch_pace;
	unsigned long watch_busy;	/* bit 0, a lock: the queues' stalls and the two below */
	u64 ticked_ns;			/* when the last tick was */
	u64 admin_ticked_ns;		/* that of the admin queue */
	struct npp_stall admin_stall;	/* the watchdog's, of the admin queue */
	unsigned int coalescing_ms;	/* for which the device may hold back an interrupt */
	enum npp_irq_cap irq_cap;	/* lost_irq_action; may change at any time */
	u64 lost_irq_resets;		/* resets because of lost interrupts */
	u64 lost_irq_reset_ms;		/* when the last one was, 0: never */
	struct mutex restore_lock;	/* restoring vectors is for one at a time */

	struct dentry *debugfs;
	bool in_sysfs;
};

/* One without an interrupt: submitters poll (poll_queue.c). */
static inline bool npp_is_poll_queue(const struct npp_hwq *q)
{
	return q->qid > q->dev->irq_queues;
}

/*
 * npp_ns.unchecked_ops: reads and writes are not checked for whole blocks; or all
 * operations are, of a disk whose blocks have become larger.
 */
#define NPP_UNCHECKED_RW	((__force u8)REQ_OP_WRITE + 1)
#define NPP_UNCHECKED_NONE	0

struct npp_ns {
	struct list_head entry;
	struct npp_dev *dev;
	struct gendisk *disk;
	u64 head[2];			/* npp_rw_head() of a read, of a write */
	unsigned int sector_shift;	/* of a block: sectors in binary logarithm */
	u8 unchecked_ops;		/* operations below this: NPP_UNCHECKED_*; frozen queue */
	struct npp_gate *gate;		/* a reference */
	int number;			/* the M of nvme<N>n<M>: the gate's disk_numbers */
	struct npp_node *node;		/* ng<N>n<M>; NULL: none */
	unsigned int scan_round;	/* the last scan that has met it */
	unsigned int freeze_flags;
	bool quiesced;			/* dev->ns_lock */
	bool blocks_grew;		/* this and the next four: written with the queue frozen, */
	bool limits_changed;		/* or quiesced, by npp_check_requests() */
	bool force_fua;
	bool blocks_unknown;		/* no data is sent; written with the queue frozen */
	struct npp_disk_limits limits;
	struct bio_list parts;		/* parts_lock: block/parts.c */
	spinlock_t parts_lock;
	struct work_struct parts_work;
	struct npp_ns_info info;
	struct ratelimit_state use_limit; /* asking how many blocks are in use */
};

/* A character device: nvme<N> of a controller, or ng<N>n<M> of a namespace. */
struct npp_node {
	struct device device;
	struct cdev cdev;
	struct npp_gate *gate;	/* a reference */
	struct npp_ns *ns;	/* NULL: the controller's; else with a reference to its disk */
};

#endif
