/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that come through io_uring: where kernels differ. */
#ifndef NVMEPP_COMPAT_URING_H
#define NVMEPP_COMPAT_URING_H

#include "compat/conftest.h"

#ifdef HAVE_URING_CMD_HEADER
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

/* The command within the submission entry, which the user may change meanwhile. */
static inline const void *npp_uring_payload(const struct io_uring_cmd *cmd)
{
#ifdef HAVE_URING_SQE
	return io_uring_sqe_cmd(cmd->sqe);
#else
	return cmd->cmd;
#endif
}

#endif
