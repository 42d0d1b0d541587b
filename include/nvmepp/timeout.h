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
enum npp_extensions {
	NPP_EXTENSIONS_NONE,
	NPP_EXTENSIONS_SOME,
	NPP_EXTENSIONS_EXHAUSTED,
	NPP_EXTENSIONS_VALUES
};

struct npp_timeout_facts {
	enum npp_poll_result poll;
	enum npp_state state;
	enum npp_extensions extensions;
	bool present;         /* registers do not read as all-ones */
	bool channel_online;  /* PCI error recovery is not at work */
	bool fatal;           /* CSTS.CFS: changes what is reported, not what is done */
	bool of_bring_up;     /* an admin command of the bring-up itself: nobody else rescues it */
};

enum npp_timeout_action {
	NPP_TIMEOUT_POLL,
	NPP_TIMEOUT_DONE,
	NPP_TIMEOUT_WAIT,       /* a moment, then another poll: part of the same time */
	NPP_TIMEOUT_EXTEND,
	NPP_TIMEOUT_RESET,
	NPP_TIMEOUT_FAIL_CTRL,
	NPP_TIMEOUT_ACTIONS
};

/*
 * The rule, as in src/core/timeout_policy.hpp: what to do next for a command
 * whose time is over.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_timeout_action npp_decide_timeout(const struct npp_timeout_facts *facts);

#ifdef __cplusplus
}
#endif

#endif
