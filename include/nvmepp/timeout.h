/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule for commands that time out.  The rules of core.h.
 */
#ifndef NVMEPP_TIMEOUT_H
#define NVMEPP_TIMEOUT_H

#include <nvmepp/controller.h>
#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What polling the completion queue, with its interrupt disabled, has shown. */
enum npp_poll_result {
	NPP_POLL_COMPLETED,  /* this poll completed the command */
	NPP_POLL_RACED,      /* the command had been completed by somebody else */
	NPP_POLL_OTHERS,     /* it completed other commands only */
	NPP_POLL_EMPTY,      /* no completion was there */
	NPP_POLLS
};

/* How often the command's time has been extended. */
enum npp_extensions {
	NPP_NOT_EXTENDED,
	NPP_EXTENDED_ONCE,
	NPP_EXTENSIONS_EXHAUSTED,
	NPP_EXTENSIONS
};

/* What else the rule depends on, gathered after the poll. */
struct npp_timeout_facts {
	enum npp_state state;
	enum npp_extensions extensions;
	bool gone;            /* the PCI core or the vendor id says that the device is gone */
	bool channel_online;  /* PCI error recovery is not at work */
	bool fatal;           /* CSTS.CFS, or CSTS reads as all-ones: reported only */
	bool of_bring_up;     /* an admin command of a bring-up: its sender is the worker */
};

enum npp_timeout_action {
	NPP_TIMEOUT_DONE,        /* the command has completed */
	NPP_TIMEOUT_GRACE,       /* wait for the grace period, then poll once more */
	NPP_TIMEOUT_EXTEND,      /* restart its timer */
	NPP_TIMEOUT_RESET,       /* reset the controller, which cancels it */
	NPP_TIMEOUT_ABANDON,     /* the bring-up that sent it fails */
	NPP_TIMEOUT_FAIL_CTRL,   /* fail the controller: the device is gone, or being removed */
	NPP_TIMEOUT_ACTIONS
};

/*
 * The rule, as in src/core/timeout_policy.hpp.  There is no way to ask for it without
 * the result of a poll.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_timeout_action npp_decide_timeout(const struct npp_timeout_facts *facts,
					   enum npp_poll_result found);

#ifdef __cplusplus
}
#endif

#endif
