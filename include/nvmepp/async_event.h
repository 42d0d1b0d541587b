/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asynchronous events: what the controller reports by itself, by
 * completing a request that waits for it.  The rules of core.h.
 */
#ifndef NVMEPP_ASYNC_EVENT_H
#define NVMEPP_ASYNC_EVENT_H

#include <nvmepp/controller.h>
#include <nvmepp/queue.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a completed request says (base 2.0, 5.2), and what is to be done. */
struct npp_async_event {
	u8 type;
	u8 information;
	u8 log_page;      /* that has the details; as the controller gives it */
	bool rescan;      /* namespaces are others than they were; the scan reads their log */
	u16 log_bytes;    /* to be read of the page, for the type's next event; 0: nothing */
};

/*
 * @result is dword 0 of the completion.  Of the pages that it may name only those of
 * errors and health are read: what a controller says of others is not tried.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_parse_async_event(u32 result, struct npp_async_event *e);
const char *npp_async_event_name(const struct npp_async_event *e);

/* The request, which completes when there is an event; npp_submit_raw() gives it its id. */
void npp_async_event_request(struct npp_sqe *sqe);

/*
 * These send a command by npp_os_admin(), under the rules of npp_identify_ctrl().
 *
 * Let the controller report health warnings, and changes of namespaces if it can
 * (OAES).  Controllers that refuse serve without.  Returns 0, or a negative error
 * when no answer came.
 */
int npp_enable_async_events(struct npp_ctrl *c, const struct npp_ctrl_info *info);

/*
 * Read the page of @e, which lets the controller report the next event of its
 * type.  @warning receives the Critical Warning of a health page, 0 of others.
 */
int npp_read_event_log(struct npp_ctrl *c, const struct npp_async_event *e,
		       const struct npp_page *page, u8 *warning);

/*
 * Read the log of changed namespaces, before the scan: what is in it is
 * not reported again, and a reset has perhaps lost the report.  Nothing is sent to
 * controllers that do not report them.  Returns as npp_enable_async_events().
 */
int npp_clear_changed_namespaces(struct npp_ctrl *c, const struct npp_ctrl_info *info,
				 u64 page_dma);

#ifdef __cplusplus
}
#endif

#endif
