/* SPDX-License-Identifier: GPL-2.0 */
/* Persistent reservations: where kernels differ. */
#ifndef NVMEPP_COMPAT_RESERVATION_H
#define NVMEPP_COMPAT_RESERVATION_H

#include <linux/blk-mq.h>
#include <linux/pr.h>

#include <nvmepp/reservation.h>
#include <nvmepp/status.h>

#include "compat/conftest.h"

/* What pr_ops return of a command that ended with @status: as the in-tree driver does. */
static inline int npp_pr_result(int status)
{
#ifdef HAVE_PR_STATUS
	if (status <= 0)
		return status;
	switch (npp_status_outcome(status)) {
	case NPP_OUTCOME_RESERVATION:
		return PR_STS_RESERVATION_CONFLICT;
	case NPP_OUTCOME_NOT_SUPPORTED:
		return -EINVAL;
	default:
		return PR_STS_IOERR;
	}
#else
	return status;
#endif
}

static inline int npp_map_kernel_data(struct request *req, void *data, unsigned int bytes)
{
#ifdef HAVE_MAP_KERN_WITHOUT_QUEUE
	return blk_rq_map_kern(req, data, bytes, GFP_KERNEL);
#else
	return blk_rq_map_kern(req->q, req, data, bytes, GFP_KERNEL);
#endif
}

/*
 * NPP_PR_READ_OPS: the members of struct pr_ops that read, of kernels that have them.  The
 * others get the types that the readers take.
 */
#ifdef HAVE_PR_READ
#define NPP_PR_READ_OPS						\
	.pr_read_keys = npp_pr_read_keys,			\
	.pr_read_reservation = npp_pr_read_reservation,
#else
struct pr_keys {
	u32 generation;
	u32 num_keys;
	u64 keys[];
};

struct pr_held_reservation {
	u64 key;
	u32 generation;
	enum pr_type type;
};

#define NPP_PR_READ_OPS
#endif

#endif
