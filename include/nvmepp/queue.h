/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue pair: submission, completion, command ids.  The rules of core.h.
 */
#ifndef NVMEPP_QUEUE_H
#define NVMEPP_QUEUE_H

#include <nvmepp/os.h>
#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NPP_SQE_BYTES 64
#define NPP_CQE_BYTES 16
#define NPP_ADMIN_DEPTH 32     /* entries of the admin queues */
#define NPP_MIN_DEPTH 2        /* the smallest ring that can hold a command */
#define NPP_MAX_DEPTH 4096     /* the command id carries 12 bits of tag */

/* A submission queue entry as C sees it: it carries entries and does not interpret them. */
struct npp_sqe {
	u32 dw[16];
};

/*
 * The shadow doorbell buffer; the event index buffer is right behind it.  Each is one page
 * of the controller's, which has 4 KiB then.
 */
#define NPP_SHADOW_BYTES 4096

struct npp_queue {
	u64 opaque[24];
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
 * Both rings empty again, for a controller that has been disabled since, and of @depth
 * entries (NPP_MIN_DEPTH up to the first use's).  What was in flight is forgotten (its
 * owner completes it); generations go on, so that a completion from before is known as
 * stale.
 * Context: process.  Excludes: submitters and reapers.  Sleeps: no.
 */
void npp_queue_restart(struct npp_queue *q, u16 depth);

/*
 * Ring by shadow doorbells from now on, until npp_queue_restart(), after which nothing has
 * been rung yet.  @buffer, all zeroes, is what npp_set_doorbell_buffers() has given to the
 * controller, which writes to the page behind it as it likes: that is compared and nothing
 * else.
 * Context: process.  Excludes: submitters and reapers.  Sleeps: no.
 */
void npp_queue_use_shadow(struct npp_queue *q, void *buffer);

/*
 * Has the device been told of the last submissions by the shadow doorbell only?  Where it
 * has missed that, it waits for ever.
 * Context: any.  Excludes: nothing: a submitter makes the answer old.  Sleeps: no.
 */
bool npp_queue_untold(const struct npp_queue *q);

/*
 * Tell it by the register, where npp_queue_untold().  Returns whether it was.
 * Context: any.  Excludes: submitters of @q.  Sleeps: no.
 */
bool npp_queue_ring_again(struct npp_queue *q);

/*
 * The command id that the command with @tag has or had last: for logs.
 * Context: any.  Excludes: nothing: a submitter makes the answer old.  Sleeps: no.
 */
u16 npp_queue_command_id(const struct npp_queue *q, u16 tag);

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
/*
 * One range; @range (NPP_RANGE_BYTES, bus address @range_dma, all in one page of the
 * controller's) is filled in here.  A device that reads a whole list whatever the number of
 * ranges finds nothing but the rest of that page.
 */
void npp_submit_discard(struct npp_queue *q, u16 tag, u32 nsid, u64 slba, u32 blocks, void *range,
			u64 range_dma);
/* @count ranges (1..NPP_MAX_RANGES) of a struct npp_ranges, whose page has that bus address. */
void npp_submit_discard_ranges(struct npp_queue *q, u16 tag, u32 nsid, u32 count, u64 page_dma);
/* A ready-made command; its command id is replaced. */
void npp_submit_raw(struct npp_queue *q, u16 tag, const struct npp_sqe *sqe);

/*
 * Ring the doorbell for everything placed since the last call; nothing to ring for
 * writes nothing.
 * Context: any.  Excludes: other submitters of @q.  Sleeps: no.
 */
void npp_queue_ring(struct npp_queue *q);

/*
 * Take every completion that is ready, at most one ring of them, call
 * npp_os_complete() for each valid one, then free the entries by one doorbell
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

/*
 * How many commands are in flight?  Reads both of the queue's cache lines.
 * Context: as npp_queue_reap(), or a submitter or reaper makes the answer wrong.
 * Excludes: nothing.  Sleeps: no.
 */
u32 npp_queue_in_flight(const struct npp_queue *q);

/* Context: any.  Excludes: nothing: counters may be a command apart.  Sleeps: no. */
void npp_queue_read_counts(const struct npp_queue *q, struct npp_queue_counts *counts);

#ifdef __cplusplus
}
#endif

#endif
