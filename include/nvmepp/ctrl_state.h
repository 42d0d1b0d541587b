/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of a controller: one state machine for probe, the reset worker, those who
 * hold the controller down, and removal.  src/core/ctrl_state.hpp has the transitions
 * and their proofs, src/README.md the table.  The rules of core.h.
 */
#ifndef NVMEPP_CTRL_STATE_H
#define NVMEPP_CTRL_STATE_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct npp_ctrl;

/* Upstream's names where upstream has the state (enum nvme_ctrl_state). */
enum npp_state {
	NPP_NEW,             /* probe brings it up; no disk exists */
	NPP_LIVE,            /* serves I/O */
	NPP_RESETTING,       /* the reset worker tears it down, to bring it up again */
	NPP_CONNECTING,      /* the reset worker brings it up */
	NPP_RECONNECT_WAIT,  /* an attempt failed; down until the next one is due */
	NPP_PAUSING,         /* the reset worker takes it down for those who hold it */
	NPP_PAUSED,          /* down while it is held: sleep, function reset, PCI recovery */
	NPP_FAILING,         /* the reset worker takes it down; its I/O fails */
	NPP_DEAD,            /* down; all I/O fails until somebody resets it */
	NPP_DELETING,        /* removal takes its disks away; it still serves them */
	NPP_DELETING_RESET,  /* the same, while the reset worker is at work */
	NPP_DELETING_NOIO,   /* removal or shutdown; all I/O fails; final */
	NPP_STATES
};

/* What happens to a controller: requests, and what the reset worker reports. */
enum npp_ctrl_event {
	NPP_EV_STARTED,      /* probe has brought it up */
	NPP_EV_RESET,        /* a timeout, or lost interrupts */
	NPP_EV_USER_RESET,   /* also revives a dead controller, and ends a wait */
	NPP_EV_HOLD,         /* down, please, and stay so */
	NPP_EV_RELEASE,      /* the last hold has gone, or another is left */
	NPP_EV_FAIL,         /* the device is gone */
	NPP_EV_DELETE,       /* removal begins */
	NPP_EV_DELETE_NOIO,  /* removal tears down itself; so does shutdown */
	NPP_EV_WORK_BEGINS,  /* the reset worker runs; from a wait: the next attempt is due */
	NPP_EV_TORN_DOWN,    /* it has torn down */
	NPP_EV_BROUGHT_UP,   /* its attempt succeeded */
	NPP_EV_NOT_UP,       /* its attempt failed, and it has torn down again */
	NPP_EV_LOST,         /* the same, and the device is gone or ctrl_loss_tmo is over */
	NPP_EVS
};

/* What the reset worker has to do next. */
enum npp_work_step {
	NPP_WORK_END,        /* nothing */
	NPP_WORK_TEAR_DOWN,
	NPP_WORK_BRING_UP,
	NPP_WORK_SERVE_IO,   /* let waiting I/O go, and end */
	NPP_WORK_FAIL_IO,    /* fail the disks and their I/O, and end */
	NPP_WORK_WAIT,       /* run again when the next attempt or an expiry is due, and end */
	NPP_WORK_FAIL_FAST,  /* let waiting I/O fail, and end: fast_io_fail_tmo is over */
	NPP_WORK_STEPS
};

struct npp_ctrl_move {
	bool accepted;             /* the event changed something, or answers the worker */
	bool queue_work;           /* the caller queues the reset worker, under its lock */
	enum npp_work_step step;   /* for the worker's own events */
};

/* Who holds a controller down: any number of them. */
#define NPP_HOLD_SLEEP 0x1u      /* the system sleeps */
#define NPP_HOLD_FUNCTION 0x2u   /* a reset of the PCI function or its bus */
#define NPP_HOLD_PCI_ERROR 0x4u  /* recovery from a PCI error */
#define NPP_HOLD_ANY 0x7u

/*
 * Apply an event.  @holds: for NPP_EV_HOLD and NPP_EV_RELEASE, which NPP_HOLD_* bits;
 * otherwise 0.  Refused events change nothing.
 * Context: any.  Excludes: other npp_ctrl_apply() of @c.  Sleeps: no.
 */
struct npp_ctrl_move npp_ctrl_apply(struct npp_ctrl *c, enum npp_ctrl_event event, u32 holds);

/*
 * The state now, its name for logs, and upstream's word for it in sysfs `state`.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_state npp_ctrl_state(const struct npp_ctrl *c);
const char *npp_state_name(enum npp_state state);
const char *npp_state_upstream_name(enum npp_state state);

/*
 * Does I/O wait in @state (disks are quiesced), or does it fail?  In all other states
 * it is served.  Does the reset worker own the hardware?  Is the controller being removed?
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_state_io_waits(enum npp_state state);
bool npp_state_io_fails(enum npp_state state);
bool npp_state_is_workers(enum npp_state state);
bool npp_state_is_removal(enum npp_state state);

#ifdef __cplusplus
}
#endif

#endif
