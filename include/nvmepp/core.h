/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What C calls in the C++ core.  Plain data and plain functions: C owns all
 * memory, all locks, all waiting; the core owns what NVMe means.
 *
 * Each function says:
 *   Context:  where it may be called
 *   Excludes: what the caller has to keep out meanwhile
 *   Sleeps:   whether it may sleep
 * "This queue's reaper" is the queue's interrupt handler, or whoever holds the
 * queue's poll lock with that interrupt disabled.
 */
#ifndef NVMEPP_CORE_H
#define NVMEPP_CORE_H

#include <nvmepp/port.h>
#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ sizes */

#define NPP_SQE_BYTES 64
#define NPP_CQE_BYTES 16
#define NPP_ADMIN_DEPTH 32     /* entries of the admin queues */
#define NPP_MIN_DEPTH 2        /* the smallest ring that can hold a command */
#define NPP_MAX_DEPTH 4096     /* the command id carries 12 bits of tag */
#define NPP_MAX_TRANSFER_BYTES (4u << 20)  /* what one request may carry, if MDTS allows */
#define NPP_MAX_PRP_LISTS 3    /* list pages that NPP_MAX_TRANSFER_BYTES can take */
#define NPP_IDENTIFY_BYTES 4096

/* A submission queue entry as C sees it: it carries them, it does not look in. */
struct npp_sqe {
	u32 dw[16];
};

/* ------------------------------------------------------------- controller */

/*
 * The states of a controller.  Only probe, removal and the reset work change
 * them (src/core/ctrl_state.hpp has the table).
 */
enum npp_state {
	NPP_STARTING,   /* first bring-up: nobody but probe knows the controller */
	NPP_LIVE,       /* serves I/O */
	NPP_RESETTING,  /* the reset work owns it */
	NPP_PAUSED,     /* switched off, its I/O waits: the kernel sleeps or mends the PCI side */
	NPP_REMOVING,   /* the driver is leaving it; final */
	NPP_FAILED,     /* given up: all I/O fails; only removal leads out */
	NPP_STATES
};

struct npp_ctrl {
	u64 opaque[16];
};

/* Facts of Identify Controller and CAP that the surroundings act on. */
struct npp_ctrl_info {
	u32 max_transfer_bytes;  /* MDTS and NPP_MAX_TRANSFER_BYTES, whichever is less */
	u32 namespaces;          /* NN */
	u32 shutdown_ms;         /* RTD3E, 0 where not reported */
	u16 vendor;
	u16 cntlid;
	u8 volatile_write_cache;
	u8 can_discard;
	u8 can_write_zeroes;
	u8 can_sgl;              /* SGLs for I/O, of any dword-aligned memory */
	u8 has_effects_log;      /* LPA: Commands Supported and Effects */
	char serial[20 + 1];     /* trailing blanks cut, unprintable bytes replaced by '?' */
	char model[40 + 1];
	char firmware[8 + 1];
};

enum npp_health {
	NPP_HEALTHY,
	NPP_HEALTH_FATAL,  /* CSTS.CFS */
	NPP_HEALTH_GONE,   /* CSTS reads as all-ones */
};

/*
 * Prepare @c for @dev: read CAP and VS, choose the page size and the ready
 * timeout (NVMe base 2.0, 3.1.3.1).  @host_page_shift is the binary logarithm
 * of the host's page.  Returns 0, NPP_ENODEV, or NPP_EOPNOTSUPP.
 * Context: process.  Excludes: every other use of @c.  Sleeps: no.
 */
int npp_ctrl_init(struct npp_ctrl *c, struct npp_dev *dev, u8 host_page_shift);

/*
 * Entries that an I/O queue may have: CAP.MQES + 1, at most NPP_MAX_DEPTH.
 * Bytes from one doorbell to the next; binary logarithm of the page size in
 * use; milliseconds that CSTS.RDY may take.
 * Context: any.  Excludes: npp_ctrl_init().  Sleeps: no.
 */
u32 npp_ctrl_max_depth(const struct npp_ctrl *c);
u32 npp_ctrl_doorbell_stride(const struct npp_ctrl *c);
u8 npp_ctrl_page_shift(const struct npp_ctrl *c);
u32 npp_ctrl_ready_ms(const struct npp_ctrl *c);

/*
 * CC.EN = 0 and wait for CSTS.RDY = 0, at most the ready timeout.  After 0 the
 * device touches no host memory.  Also right when it was never enabled.
 * Returns 0, NPP_ENODEV, NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_disable(struct npp_ctrl *c);

/*
 * Program the admin queues (bus addresses, NPP_ADMIN_DEPTH entries each), set
 * CC.EN = 1 and wait for CSTS.RDY = 1, at most the ready timeout.  The
 * controller must be disabled.  Returns 0, NPP_ENODEV, NPP_EIO (CFS),
 * NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_enable(struct npp_ctrl *c, u64 asq_dma, u64 acq_dma);

/*
 * Orderly shutdown: CC.SHN = normal, wait for CSTS.SHST = complete, at most
 * @timeout_ms (base 2.0, 3.6.1).  Returns 0, NPP_ENODEV, NPP_EIO (CFS),
 * NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_shutdown(struct npp_ctrl *c, u32 timeout_ms);

/*
 * Reset the NVM subsystem, where CAP.NSSRS says that this is possible (base 2.0,
 * 3.7.1): all its controllers lose their state.  What follows is a reset of this
 * one.  Returns 0, NPP_ENODEV, NPP_EOPNOTSUPP.
 * Context: process.  Excludes: nothing.  Sleeps: no.
 */
int npp_ctrl_subsystem_reset(struct npp_ctrl *c);

/*
 * Clear the interrupt mask of pin-based and MSI interrupts (INTMC, base 2.0,
 * 3.1.3.4).
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_ctrl_unmask_interrupts(struct npp_ctrl *c);

/*
 * One read of CSTS.
 * Context: any.  Excludes: npp_ctrl_init().  Sleeps: no.
 */
enum npp_health npp_ctrl_health(const struct npp_ctrl *c);

/*
 * Change the state if the table allows it; true if it did.
 * Context: any.  Excludes: other npp_ctrl_set_state() of @c.  Sleeps: no.
 */
bool npp_ctrl_set_state(struct npp_ctrl *c, enum npp_state to);
enum npp_state npp_ctrl_state(const struct npp_ctrl *c);
const char *npp_state_name(enum npp_state state);

/* --------------------------------------------------------- admin commands */

/*
 * All of these send commands by nppk_admin() and read what the controller
 * wrote into @page (NPP_IDENTIFY_BYTES, bus address @page_dma).  They return 0
 * or an npp_error; what the controller did wrong has been reported as an event.
 * Context: process.  Excludes: other users of @page.  Sleeps: yes.
 */
int npp_identify_ctrl(struct npp_ctrl *c, void *page, u64 page_dma, struct npp_ctrl_info *info);

/*
 * Ask for @wanted I/O queue pairs (1..65535).  @granted receives what the
 * controller allows, 0..@wanted: 0 when it refuses the command, as controllers
 * do that are alive but have lost their namespaces.
 */
int npp_set_queue_count(struct npp_ctrl *c, u16 wanted, u16 *granted);

/*
 * The time for which the controller may hold back an interrupt to gather
 * completions, in microseconds; 0 if it does not, or does not say (base 2.0,
 * 5.27.1.6).
 */
int npp_get_coalescing(struct npp_ctrl *c, u32 *time_us);

/*
 * Create the completion queue and then the submission queue @qid, both of
 * @depth entries, physically contiguous; completions interrupt by @vector.
 */
int npp_create_queues(struct npp_ctrl *c, u16 qid, u16 depth, u64 sq_dma, u64 cq_dma, u16 vector);

/* Delete the submission queue and then the completion queue @qid. */
int npp_delete_queues(struct npp_ctrl *c, u16 qid);

/*
 * Active namespaces above @after, ascending (base 2.0, CNS 02h).  At most
 * @capacity ids go to @nsids; @count receives how many.  Ids out of order end
 * the list.  Controllers without CNS 02h: 1..NN is answered instead.
 */
int npp_list_namespaces(struct npp_ctrl *c, u32 after, void *page, u64 page_dma, u32 *nsids,
			u32 capacity, u32 *count);

/* Kinds of namespace identifiers: descriptor types of base 2.0, 5.17.2.3. */
#define NPP_ID_EUI64 1
#define NPP_ID_NGUID 2
#define NPP_ID_UUID 3

/* What the disk of a namespace needs to know. */
struct npp_ns_info {
	u64 blocks;              /* NSZE, in logical blocks */
	u32 nsid;
	u8 block_shift;          /* 9 .. page shift */
	u8 read_only;            /* NSATTR: currently write protected */
	u8 zeroes_on_deallocate; /* DLFEAT: deallocated blocks read as zeroes, DEAC works */
	u8 id_kind;              /* NPP_ID_*; 0: none */
	u8 id[16];               /* 8 bytes for EUI64, 16 for the others */
};

/*
 * Geometry of namespace @nsid.  NPP_EOPNOTSUPP or NPP_EPROTO: this namespace is
 * not served (reason reported as an event), the others are not concerned.
 * NPP_EINVAL: not active.
 */
int npp_identify_ns(struct npp_ctrl *c, u32 nsid, void *page, u64 page_dma,
		    struct npp_ns_info *info);

/* ------------------------------------------------------------- queue pair */

struct npp_queue {
	u64 opaque[16];
} __attribute__((aligned(64)));

struct npp_queue_config {
	struct npp_dev *dev;
	void *sq;          /* depth * NPP_SQE_BYTES, coherent */
	void *cq;          /* depth * NPP_CQE_BYTES, coherent */
	u16 *slots;        /* one for each tag: tags * sizeof(u16); the core's alone */
	void *sq_doorbell;
	void *cq_doorbell;
	u16 qid;
	u16 depth;         /* NPP_MIN_DEPTH..NPP_MAX_DEPTH */
	u16 tags;          /* commands in flight at most: 1..depth - 1 */
	u8 page_shift;     /* npp_ctrl_page_shift() */
};

struct npp_queue_counts {
	u64 submitted;
	u64 completed;
	u64 bad;           /* completion entries skipped: see NPP_EVENT_CQE_* */
};

/*
 * First use of @q: no command in flight, generations at zero.
 * Context: process.  Excludes: every other use of @q.  Sleeps: no.
 */
void npp_queue_init(struct npp_queue *q, const struct npp_queue_config *config);

/*
 * Both rings empty again, for a controller that has been disabled since.  What
 * was in flight is forgotten (its owner completes it); generations go on, so
 * that a completion from before is known as stale.
 * Context: process.  Excludes: submitters and reapers.  Sleeps: no.
 */
void npp_queue_restart(struct npp_queue *q);

/*
 * Reads and writes are built in the ring from what is known beforehand of a
 * namespace, @head, and what differs: @length is the 0's based number of blocks,
 * or'ed with NPP_RW_FUA where the data has to be on the medium.
 *
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
#define NPP_RW_FUA 0x40000000u
u64 npp_rw_head(u32 nsid, bool write);

/*
 * Place a command in the submission ring; the controller sees it at the next
 * npp_queue_ring().  @tag is below the configured tags and not in flight, which
 * bounds the ring: it cannot be full.
 * Context: any.  Excludes: other submitters of @q.  Sleeps: no.
 */
/* The data is @bytes from bus address @addr, and touches at most two pages. */
void npp_submit_rw(struct npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 addr,
		   u32 bytes);
/* The data is what a struct npp_prp has come to. */
void npp_submit_rw_prp(struct npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 prp1,
		       u64 prp2);
/* The data is @bytes from bus address @addr; only where npp_ctrl_info.can_sgl says so. */
void npp_submit_rw_sgl(struct npp_queue *q, u16 tag, u64 head, u64 slba, u32 length, u64 addr,
		       u32 bytes);
void npp_submit_flush(struct npp_queue *q, u16 tag, u32 nsid);
void npp_submit_write_zeroes(struct npp_queue *q, u16 tag, u32 nsid, u64 slba, u16 blocks0,
			     bool deallocate);
/* One range; @range (16 bytes, bus address @range_dma) is filled in here. */
void npp_submit_discard(struct npp_queue *q, u16 tag, u32 nsid, u64 slba, u32 blocks, void *range,
			u64 range_dma);
/* A ready-made command; its command id is replaced. */
void npp_submit_raw(struct npp_queue *q, u16 tag, const struct npp_sqe *sqe);

/*
 * Tell the controller of everything placed since the last call; nothing to tell
 * writes nothing.
 * Context: any.  Excludes: other submitters of @q.  Sleeps: no.
 */
void npp_queue_ring(struct npp_queue *q);

/*
 * Take every completion that is ready, at most one ring of them, call
 * nppk_complete() for each valid one, then free the entries by one doorbell
 * write.  Returns how many entries were taken, bad ones included.
 * Context: any.  Excludes: this queue's other reapers.  Sleeps: no.
 */
u32 npp_queue_reap(struct npp_queue *q, struct npp_reap *reap);

/*
 * Is the next completion ready?  Reads memory, changes nothing.
 * Context: any.  Excludes: nothing: a racing reaper makes the answer old.
 * Sleeps: no.
 */
bool npp_queue_pending(const struct npp_queue *q);

/*
 * Completion entries taken so far, bad ones included: what a watcher compares.
 * Reads one cache line, the reaper's.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u64 npp_queue_taken(const struct npp_queue *q);

/*
 * Is no command in flight?  Reads both of the queue's cache lines.
 * Context: any.  Excludes: nothing: a submitter makes the answer old.
 * Sleeps: no.
 */
bool npp_queue_idle(const struct npp_queue *q);

/* Context: any.  Excludes: nothing: counters may be a command apart.  Sleeps: no. */
void npp_queue_read_counts(const struct npp_queue *q, struct npp_queue_counts *counts);

/* -------------------------------------------------------------------- PRP */

/* The data pointer of one command, built segment by segment. */
struct npp_prp {
	u64 prp1;
	u64 prp2;
	u64 *list;           /* the list page being filled */
	u64 next;            /* where the current segment goes on */
	u32 segment_bytes;   /* what is left of the current segment */
	u32 total_bytes;     /* what is left of the transfer */
	u16 index;           /* next entry of @list */
	u8 page_shift;
	u8 started;
};

enum npp_prp_step {
	NPP_PRP_NEXT,       /* give the next segment, or finish when there is none */
	NPP_PRP_NEED_LIST,  /* give a list page by npp_prp_add_list() */
	NPP_PRP_BAD,        /* segments that PRPs cannot describe, or more than was announced */
};

/*
 * Segments that lie in an array of the caller's, @stride bytes apart: in each the
 * bus address, a u64 @addr bytes from its start, and the length, a u32 @length
 * bytes from there.
 */
struct npp_segments {
	const void *next;
	u32 left;
	u16 stride;
	u8 addr;
	u8 length;
};

/*
 * Begin a transfer of @bytes (1..NPP_MAX_TRANSFER_BYTES); push the segments in
 * order; supply zeroed or dirty list pages, page-aligned, when asked; finish.
 * Every segment but the first starts on a page, every one but the last ends on
 * one (base 2.0, 4.3.1).  npp_prp_finish() is true if the segments amounted to
 * exactly @bytes.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
void npp_prp_begin(struct npp_prp *p, u32 bytes, u8 page_shift);
enum npp_prp_step npp_prp_push(struct npp_prp *p, u64 addr, u32 bytes);
enum npp_prp_step npp_prp_add_list(struct npp_prp *p, u64 *list, u64 list_dma);
bool npp_prp_finish(const struct npp_prp *p);

/*
 * The same at once for three segments or more whose @bytes are within
 * NPP_PRP_LIST_REACH(): PRP1 and one list page, @list, whose bus address is PRP2.
 * False if PRPs cannot describe them, or they do not amount to @bytes.
 * Context: any.  Excludes: other users of @list.  Sleeps: no.
 */
bool npp_prp_one_list(const struct npp_segments *s, u32 bytes, u8 page_shift, u64 *list,
		      u64 *prp1);
#define NPP_PRP_LIST_REACH(page_shift) (1u << (2 * (page_shift) - 3))

/* ----------------------------------------------------------------- status */

enum npp_outcome {
	NPP_OUTCOME_OK,
	NPP_OUTCOME_RETRY,        /* may succeed when sent again */
	NPP_OUTCOME_NOT_SUPPORTED,
	NPP_OUTCOME_NO_SPACE,
	NPP_OUTCOME_MEDIUM,
	NPP_OUTCOME_PROTECTION,
	NPP_OUTCOME_TARGET,
	NPP_OUTCOME_RESERVATION,
	NPP_OUTCOME_IO,
	NPP_OUTCOMES
};

/* The status of commands that a reset has cancelled: retried like any other. */
#define NPP_STATUS_CANCELLED 0x371  /* path related, command aborted by the host */
/* The same for a controller that is given up: Do Not Retry. */
#define NPP_STATUS_DEAD (0x4000 | NPP_STATUS_CANCELLED)

/*
 * What a status (without the phase bit) means for the request; @retries is how
 * often it has been sent again already.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_outcome npp_status_outcome(u16 status, u8 retries);
#define NPP_MAX_RETRIES 5

/* ------------------------------------------------------- lost interrupts */

/* What kind of loss it was, as far as can be told from outside the device. */
enum npp_loss {
	NPP_LOSS_MASKED,   /* the vector, the function or the whole capability is switched off */
	NPP_LOSS_PENDING,  /* not masked, and yet held back: the pending bit is set */
	NPP_LOSS_MESSAGE,  /* the device's message is not the one that the kernel wrote */
	NPP_LOSS_EARLY,    /* an interrupt came before its completion was visible */
	NPP_LOSS_NO_CPU,   /* nobody listens: no CPU of the vector is online, or it is disabled */
	NPP_LOSS_INTX,     /* the interrupt pin is asserted, and nobody hears it */
	NPP_LOSS_SILENT,   /* all is as it should be: the device did not send */
	NPP_LOSSES
};

struct npp_loss_facts {
	bool masked;
	bool pending;
	bool message_differs;
	bool came_early;
	bool no_cpu;
	bool intx_asserted;
};

/*
 * The kind of loss, and its name for logs and tables.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_loss npp_loss_class(const struct npp_loss_facts *facts);
const char *npp_loss_name(enum npp_loss loss);

/* How far the driver may go about lost interrupts: lost_irq_action. */
enum npp_irq_cap {
	NPP_IRQ_CAP_OFF,    /* nothing: neither watch nor act */
	NPP_IRQ_CAP_LOG,    /* complete, count and tell */
	NPP_IRQ_CAP_REARM,  /* also restore the vector */
	NPP_IRQ_CAP_RESET,  /* also reset the controller, once an hour at most */
	NPP_IRQ_CAP_POLL,   /* also poll a queue that not even the reset has healed */
	NPP_IRQ_CAPS
};

enum npp_irq_action {
	NPP_IRQ_NOTHING,
	NPP_IRQ_READ_FIRST, /* let the handler read a register before it looks */
	NPP_IRQ_REARM,
	NPP_IRQ_RESET,
	NPP_IRQ_POLL,
	NPP_IRQ_RESUME,     /* back from polling to interrupts */
	NPP_IRQ_ACTIONS
};

/* The ladder's memory of one queue; all zeroes is a queue without a past. */
struct npp_irq_health {
	u64 window_start_ms;
	u32 in_window;   /* catches since then */
	u32 in_row;      /* catches without an interrupt between */
	u32 good;        /* while polling: interrupts in a row */
	u32 relapses;    /* how often polling has been necessary */
	bool polling;
	bool read_first;
};

/* One catch: a look has completed commands whose interrupt did not come. */
struct npp_catch {
	u64 now_ms;
	u32 budget;             /* catches in NPP_IRQ_WINDOW_MS that are too many: 1.. */
	enum npp_irq_cap cap;
	enum npp_loss loss;
	bool interrupt_between; /* one has come since the catch before */
	bool reset_recently;    /* such a reset is less than NPP_IRQ_RESET_GAP_MS ago */
	bool proved_dead;       /* a test of the vector has failed: no need to wait for more */
};

#define NPP_IRQ_WINDOW_MS 60000
#define NPP_IRQ_RESET_GAP_MS 3600000
#define NPP_IRQ_GOOD_IN_A_ROW 32  /* doubled by each relapse, 64 times at most */

/*
 * The ladder (src/core/irq_health.hpp): what to do after a catch, and while
 * polling, given the interrupts that have come and the commands that have
 * completed since the call before.
 * Context: any.  Excludes: other calls for @h.  Sleeps: no.
 */
enum npp_irq_action npp_irq_health_caught(struct npp_irq_health *h, const struct npp_catch *c);
enum npp_irq_action npp_irq_health_polled(struct npp_irq_health *h, u32 interrupts,
					  u32 completions);

/* --------------------------------------------------------- timeout policy */

/* What the look at the completion queue found. */
enum npp_look {
	NPP_LOOK_NOT_YET,
	NPP_LOOK_COMPLETED,  /* this look completed the command */
	NPP_LOOK_ELSEWHERE,  /* somebody else had completed it by then */
	NPP_LOOK_OTHERS,     /* it completed other commands only */
	NPP_LOOK_NOTHING,    /* no completion was there */
	NPP_LOOKS
};

/* How often the command's time has been extended. */
enum npp_patience {
	NPP_PATIENCE_FRESH,
	NPP_PATIENCE_EXTENDED,
	NPP_PATIENCE_EXHAUSTED,
	NPP_PATIENCES
};

struct npp_timeout_facts {
	enum npp_look look;
	enum npp_state state;
	enum npp_patience patience;
	bool present;         /* registers do not read as all-ones */
	bool channel_online;  /* PCI error recovery is not at work */
	bool fatal;           /* CSTS.CFS: changes what is reported, not what is done */
	bool of_bring_up;     /* an admin command of the bring-up itself: nobody else rescues it */
};

enum npp_step {
	NPP_STEP_LOOK,
	NPP_STEP_DONE,
	NPP_STEP_EXTEND,
	NPP_STEP_RESET,
	NPP_STEP_DISABLE,
	NPP_STEPS
};

/*
 * The rule, as in src/core/timeout_policy.hpp: what to do next for a command
 * whose time is over.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_step npp_timeout_step(const struct npp_timeout_facts *facts);

#ifdef __cplusplus
}
#endif

#endif
