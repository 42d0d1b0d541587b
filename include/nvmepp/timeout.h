/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule for commands whose time is over.  The rules of core.h.
 */
#ifndef NVMEPP_TIMEOUT_H
#define NVMEPP_TIMEOUT_H

#include <nvmepp/controller.h>
#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the poll at the completion queue found. */
enum npp_poll_result {
	NPP_POLL_NOT_YET,
	NPP_POLL_COMPLETED,  /* this poll completed the command */
	NPP_POLL_RACED,  /* somebody else had completed it by then */
	NPP_POLL_OTHERS,     /* it completed other commands only */
	NPP_POLL_EMPTY,    /* no completion was there */
	NPP_POLL_RESULTS
};

/* How often the command's time has been extended, by a moment or as a whole. */
enum npp_patience {
	NPP_PATIENCE_FRESH,
	NPP_PATIENCE_EXTENDED,
	NPP_PATIENCE_EXHAUSTED,
	NPP_PATIENCES
};

struct npp_timeout_facts {
	enum npp_poll_result poll;
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
	NPP_STEP_WAIT,       /* a moment, then another poll: part of the same time */
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
