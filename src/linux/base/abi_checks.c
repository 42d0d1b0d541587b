// SPDX-License-Identifier: GPL-2.0
/* What C and C++ must agree on; the core asserts the same from its side. */

#include <linux/errno.h>
#include <linux/nvme.h>

#include "base/dev.h"
#include "base/request.h"

static_assert(-EIO == NPP_EIO);
static_assert(-ENODEV == NPP_ENODEV);
static_assert(-EINVAL == NPP_EINVAL);
static_assert(-EPROTO == NPP_EPROTO);
static_assert(-EOPNOTSUPP == NPP_EOPNOTSUPP);
static_assert(-ETIMEDOUT == NPP_ETIMEDOUT);

static_assert(sizeof(struct npp_sqe) == sizeof(struct nvme_command));
static_assert(sizeof(struct nvme_command) == NPP_SQE_BYTES);
static_assert(sizeof(struct nvme_completion) == NPP_CQE_BYTES);
static_assert(sizeof(struct nvme_id_ctrl) == NPP_IDENTIFY_BYTES);
static_assert(sizeof(struct nvme_dsm_range) <= NPP_SMALL_BYTES);

static_assert(sizeof(dma_addr_t) == sizeof(u64));
static_assert(sizeof(sg_dma_len((struct scatterlist *)NULL)) == sizeof(u32));
static_assert(sizeof(struct npp_attempt) == sizeof(u64));

/*
 * The first five cache lines of a queue but the third are all that I/O touches: the core's
 * for submitters, the core's for the reaper, its other one, then the submitters', then the
 * handler's.  (Locks that a debugging kernel has made larger, and the longer lists
 * of later kernels, push things out.)
 */
static_assert(sizeof(struct npp_queue) == 192);
static_assert(offsetof(struct npp_hwq, sq_lock) == 192);
static_assert(sizeof(spinlock_t) > 4 || offsetofend(struct npp_hwq, small_dma) <= 256);
static_assert(offsetof(struct npp_hwq, requests) % 64 == 0);
static_assert(sizeof(spinlock_t) > 4 || sizeof(struct io_comp_batch) > 24 ||
	      (offsetof(struct npp_hwq, requests) == 256 &&
	       offsetofend(struct npp_hwq, reap) <= 320));
static_assert(offsetof(struct npp_hwq, fallback_poll) == offsetof(struct npp_hwq, slow_path));
/* What a tick compares with the reaper's and the handler's: one cache line. */
static_assert(offsetof(struct npp_hwq, stall) % 64 == 0);
static_assert(offsetofend(struct npp_hwq, health.fallback_poll) -
	      offsetof(struct npp_hwq, stall) <= 64);

/*
 * What reads and writes touch of a request's data is within 48 bytes: struct request
 * of 6.1 leaves as many of its last cache line.
 */
static_assert(offsetofend(struct npp_iod, prp2) == 48);
static_assert(sizeof(struct npp_iod) <= 56);

/* The admin tags are the bits of one word; every tag needs a slot of the ring. */
static_assert(BITS_PER_LONG > NPP_ADMIN_TAGS);
static_assert(NPP_MAX_SEGMENTS * sizeof(struct scatterlist) <= PAGE_SIZE);
