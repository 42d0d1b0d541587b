/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a controller whose reset failed is tried again, and for how long: the meaning
 * that NVMe over Fabrics gives to ctrl_loss_tmo and fast_io_fail_tmo.  The rules of
 * core.h.
 */
#ifndef NVMEPP_RECONNECT_H
#define NVMEPP_RECONNECT_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NPP_TMO_OFF (-1)              /* of both: never */
#define NPP_TMO_MAX_S 86400           /* a day */
#define NPP_RECONNECT_DELAY_MAX_S 30
#define NPP_ANSWER_MIN_MS 500

/* Seconds; NPP_TMO_OFF, or 0..NPP_TMO_MAX_S from the first failed attempt. */
struct npp_reconnect_limits {
	s32 ctrl_loss_s;     /* until the disks fail */
	s32 fast_io_fail_s;  /* until waiting I/O fails although attempts go on */
};

/* Attempts since the controller was last live; all zeroes: none has failed. */
struct npp_reconnect {
	u64 first_failed_ms;
	u64 next_attempt_ms;
	u32 failed;          /* attempts */
	bool io_failed;      /* fast_io_fail_tmo has been over */
};

enum npp_reconnect_due {
	NPP_DUE_NOTHING,     /* *wait_ms until something is */
	NPP_DUE_ATTEMPT,
	NPP_DUE_FAIL_IO,     /* fast_io_fail_tmo is over, and io_failed not yet set */
	NPP_DUE_LOST         /* ctrl_loss_tmo is over */
};

/*
 * An attempt failed at @now_ms.  The next one is due after 1, 2, 4 .. 30 s.
 * Context: any.  Excludes: other users of @r.  Sleeps: no.
 */
void npp_reconnect_failed(struct npp_reconnect *r, u64 now_ms);

/*
 * What is due at @now_ms, the gravest first; @wait_ms receives the time until the next
 * thing is, 0 where something is due.  At least one attempt has failed.
 * Context: any.  Excludes: writers of @r.  Sleeps: no.
 */
enum npp_reconnect_due npp_reconnect_next(const struct npp_reconnect *r,
					  const struct npp_reconnect_limits *limits, u64 now_ms,
					  u64 *wait_ms);

/*
 * Milliseconds that an attempt that begins or goes on at @now_ms may take until one of
 * the limits has to be acted on; NPP_NO_LIMIT_MS: none.
 * Context: any.  Excludes: writers of @r.  Sleeps: no.
 */
#define NPP_NO_LIMIT_MS 0xffffffffffffffffull
u64 npp_reconnect_left_ms(const struct npp_reconnect *r,
			  const struct npp_reconnect_limits *limits, u64 now_ms);

/*
 * Milliseconds for the answer to each admin command of the attempt after @failed ones:
 * a third of @io_timeout_ms at first, so that one lost command costs I/O little; twice
 * as long with each failure, up to @admin_timeout_ms, so that a slow controller is
 * waited for.  At least NPP_ANSWER_MIN_MS.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_reconnect_answer_ms(u32 failed, u32 io_timeout_ms, u32 admin_timeout_ms);

/*
 * Is a command that resets have been cancelling for @waited_s to be sent again?  It is
 * not to blame for an outage, so it does not count them; but one that the controller
 * chokes on ends with the disks' own limit.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_cancelled_is_retried(u32 waited_s, s32 ctrl_loss_s);

#ifdef __cplusplus
}
#endif

#endif
