/* SPDX-License-Identifier: GPL-2.0 */
/* Lost interrupts: the escalation of what to do.  The rules of core.h. */
#ifndef NVMEPP_IRQ_HEALTH_H
#define NVMEPP_IRQ_HEALTH_H

#include <nvmepp/loss.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How far the driver may go about lost interrupts: lost_irq_action. */
enum npp_irq_cap {
	NPP_IRQ_CAP_OFF,    /* nothing: neither watch nor act */
	NPP_IRQ_CAP_LOG,    /* complete, count and log */
	NPP_IRQ_CAP_RESTORE,  /* also restore the vector */
	NPP_IRQ_CAP_RESET,  /* also reset the controller, once an hour at most */
	NPP_IRQ_CAP_POLL,   /* also poll a queue that not even the reset has healed */
	NPP_IRQ_CAPS
};

enum npp_irq_action {
	NPP_IRQ_NOTHING,
	NPP_IRQ_READ_FIRST, /* let the handler read a register before it reaps */
	NPP_IRQ_RESTORE,
	NPP_IRQ_RESET,
	NPP_IRQ_POLL,
	NPP_IRQ_RESUME,     /* back from polling to interrupts */
	NPP_IRQ_ACTIONS
};

/* The escalation's memory of one queue; all zeroes is a queue without a past. */
struct npp_irq_health {
	bool fallback_poll;
	bool read_first;
	bool event_counts; /* the last one that counted has not been found to be late */
	u64 window_start_ms;
	u64 fallback_poll_began_ms; /* the last time; there was none without a relapse */
	u64 counted_ms;  /* the last one that counts */
	u32 in_window;   /* losses since window_start_ms */
	u32 in_row;      /* losses without an interrupt between */
	u32 good;        /* while polling: interrupts in a row */
	u32 relapses;    /* how often polling has been necessary, in hours that follow each other */
};

/* One lost interrupt: a poll has completed commands whose interrupt did not come. */
struct npp_lost_irq {
	u64 now_ms;
	u32 budget;             /* losses in NPP_IRQ_WINDOW_MS that are too many: 1.. */
	enum npp_irq_cap cap;
	enum npp_loss loss;
	bool interrupt_between; /* one has come since the lost interrupt before */
	bool reset_recently;    /* such a reset is less than NPP_IRQ_RESET_GAP_MS ago */
	bool proved_dead;       /* a test of the vector has failed: no need to wait for more */
};

#define NPP_IRQ_WINDOW_MS 60000
#define NPP_IRQ_EVENT_MS 50  /* after one that counts: of the same event, which counts once */
#define NPP_IRQ_RESET_GAP_MS 3600000
#define NPP_IRQ_GOOD_IN_A_ROW 32  /* times four for each relapse, five times at most */

/*
 * The escalation (src/core/irq_health.hpp): what to do after a lost interrupt, and while
 * polling, given the interrupts that have come and the commands that have
 * completed since the call before.
 * Context: any.  Excludes: other calls for @h.  Sleeps: no.
 */
enum npp_irq_action npp_irq_health_lost_irq(struct npp_irq_health *h, const struct npp_lost_irq *c);
enum npp_irq_action npp_irq_health_polled(struct npp_irq_health *h, u32 interrupts,
					  u32 completions);

/*
 * The interrupt that passed for the last lost one has come after all: it was late, and its
 * event does not count.  What has been done about it is not undone.
 * Context: any.  Excludes: other calls for @h.  Sleeps: no.
 */
void npp_irq_health_late(struct npp_irq_health *h);

#ifdef __cplusplus
}
#endif

#endif
