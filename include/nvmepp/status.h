/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the status of a completion means.  The rules of core.h.
 */
#ifndef NVMEPP_STATUS_H
#define NVMEPP_STATUS_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum npp_outcome {
	NPP_OUTCOME_OK,
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
 * What a status (without the phase bit) means for the request, should it end with it.
 * Whether it is sent again first is npp_status_may_retry()'s question: a request that
 * wants no retry has to get the same error.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_outcome npp_status_outcome(u16 status);

/*
 * May a request with this status, not 0, succeed when it is sent again?  @retries is how
 * often it has been.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_status_may_retry(u16 status, u8 retries);
#define NPP_MAX_RETRIES 5

#ifdef __cplusplus
}
#endif

#endif
