/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core needs from its surroundings: Linux (src/linux/ctrl/os.c) or the
 * fakes of the tests.  Nothing else crosses the boundary downwards.
 *
 * Each function says:
 *   Context:  where the core may be when it calls
 *   Excludes: what the *core's caller* has excluded by then
 *   Sleeps:   whether the implementation may sleep
 */
#ifndef NVMEPP_OS_H
#define NVMEPP_OS_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct npp_dev;   /* the surroundings' device; the core only hands it back */
struct npp_reap;  /* one reaping of one completion queue; likewise */
struct npp_sqe;

/*
 * A 32-bit controller register at @offset bytes from the start of BAR0.  A
 * device that is gone reads as all-ones.
 * Context: process.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_os_read32(struct npp_dev *dev, u32 offset);
void npp_os_write32(struct npp_dev *dev, u32 offset, u32 value);

/*
 * Write @value to a doorbell; everything written to memory before is visible
 * to the device first.
 * Context: any.  Excludes: other writers of this doorbell.  Sleeps: no.
 */
void npp_os_doorbell(void *doorbell, u32 value);

/*
 * Milliseconds since an arbitrary point, never backwards.
 * Context: process.  Excludes: nothing.  Sleeps: no.
 */
u64 npp_os_now_ms(void);

/*
 * Let at least @ms milliseconds pass.
 * Context: process.  Excludes: nothing.  Sleeps: yes.
 */
void npp_os_sleep_ms(u32 ms);

/*
 * Send one admin command and wait for its completion.  The surroundings choose
 * the command identifier.  @result, if not NULL, receives dword 0 of the
 * completion.  A wait that times out polls the queue before it fails.
 * Returns: 0; a positive NVMe status (without the phase bit) when the
 * controller refused; a negative error when no completion came.
 * Context: process.  Excludes: nothing.  Sleeps: yes.
 */
int npp_os_admin(struct npp_dev *dev, const struct npp_sqe *sqe, u32 *result);

/*
 * The command that was submitted with @tag has completed.  @status is the NVMe
 * status field without the phase bit, @result dwords 0 and 1 of the completion.
 * Called exactly once for each submission, unless the queue is reset first.
 * Context: that of npp_queue_reap().  Excludes: other reapers.  Sleeps: no.
 */
void npp_os_complete(struct npp_reap *reap, u32 tag, u32 status, u64 result);

/* What the core has to say; the surroundings word, limit and count it. */
enum npp_event {
	NPP_EVENT_CQE_BAD_TAG,        /* a: command id */
	NPP_EVENT_CQE_NOT_IN_FLIGHT,  /* a: command id: a duplicate, or never issued */
	NPP_EVENT_CQE_STALE,          /* a: command id, b: the id in flight on that tag */
	NPP_EVENT_PAGE_SIZE,          /* a: smallest page the controller accepts, b: the host's */
	NPP_EVENT_NO_SET,             /* CAP.CSS is 0 */
	NPP_EVENT_NO_NVM_SET,         /* a: CAP.CSS */
	NPP_EVENT_NOT_READY,          /* a: CSTS, b: ms waited, for CSTS.RDY to become 1 */
	NPP_EVENT_NOT_DISABLED,       /* a: CSTS, b: ms waited, for CSTS.RDY to become 0 */
	NPP_EVENT_NOT_SHUT_DOWN,      /* a: CSTS, b: ms waited */
	NPP_EVENT_FATAL,              /* a: CSTS with CFS set */
	NPP_EVENT_GONE,               /* a: offset of the register that read as all-ones */
	NPP_EVENT_ADMIN_FAILED,       /* a: opcode, b: positive status or negative error */
	NPP_EVENT_ENTRY_SIZE,         /* a: SQES, b: CQES of Identify Controller */
	NPP_EVENT_DEPTH,              /* a: entries a queue may have (CAP.MQES + 1): too few */
	NPP_EVENT_CAP_CHANGED,        /* a: page size, b: doorbell stride that CAP says now */
	NPP_EVENT_QUEUES_GRANTED,     /* a: granted, b: asked for */
	NPP_EVENT_NS_LIST_ORDER,      /* a: namespace id, b: the one before, not below it */
	NPP_EVENT_NS_FORMAT,          /* a: namespace id, b: format index above NLBAF */
	NPP_EVENT_NS_BLOCK_SIZE,      /* a: namespace id, b: LBADS */
	NPP_EVENT_NS_METADATA,        /* a: namespace id, b: metadata bytes a block */
	NPP_EVENT_NS_CAPACITY,        /* a: namespace id, b: NSZE */
	NPP_EVENT_NS_EMPTY,           /* a: namespace id: active, with NSZE 0 */
	NPP_EVENT_NS_COMMAND_SET,     /* a: namespace id, b: command set identifier */
	NPP_EVENTS
};

/*
 * Report @event about queue @qid (0 where no queue is concerned).
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_os_event(struct npp_dev *dev, u16 qid, enum npp_event event, u64 a, u64 b);

#ifdef __cplusplus
}
#endif

#endif
