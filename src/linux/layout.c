// SPDX-License-Identifier: GPL-2.0
/* What C and C++ must agree on; the core asserts the same from its side. */

#include <linux/errno.h>
#include <linux/nvme.h>

#include "nvmepp.h"

static_assert(NPP_EIO == -EIO);
static_assert(NPP_ENODEV == -ENODEV);
static_assert(NPP_EINVAL == -EINVAL);
static_assert(NPP_EPROTO == -EPROTO);
static_assert(NPP_EOPNOTSUPP == -EOPNOTSUPP);
static_assert(NPP_ETIMEDOUT == -ETIMEDOUT);

static_assert(sizeof(struct npp_sqe) == sizeof(struct nvme_command));
static_assert(NPP_SQE_BYTES == sizeof(struct nvme_command));
static_assert(NPP_CQE_BYTES == sizeof(struct nvme_completion));
static_assert(NPP_IDENTIFY_BYTES == sizeof(struct nvme_id_ctrl));
static_assert(NPP_RANGE_BYTES == sizeof(struct nvme_dsm_range));

/* The admin tags are the bits of one word; every tag needs a slot of the ring. */
static_assert(NPP_ADMIN_TAGS < BITS_PER_LONG);
static_assert(NPP_MAX_SEGMENTS * sizeof(struct scatterlist) <= PAGE_SIZE);
