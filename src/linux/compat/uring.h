/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that come through io_uring: where kernels differ. */
#ifndef NVMEPP_COMPAT_URING_H
#define NVMEPP_COMPAT_URING_H

#include <linux/nvme_ioctl.h>

#include "compat/conftest.h"

#ifdef HAVE_URING_CMD_HEADER
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

/* The command within the submission entry, which the user may change meanwhile. */
static inline const void *npp_uring_payload(const struct io_uring_cmd *cmd)
{
#ifdef HAVE_URING_SQE128
	return io_uring_sqe128_cmd(cmd->sqe, struct nvme_uring_cmd);
#elif defined(HAVE_URING_SQE)
	return io_uring_sqe_cmd(cmd->sqe);
#else
	return cmd->cmd;
#endif
}

/* Context: as the kernel says by @issue_flags. */
static inline void npp_uring_done(struct io_uring_cmd *cmd, int status, u64 result,
				  unsigned int issue_flags)
{
#ifdef HAVE_URING_DONE32
	io_uring_cmd_done32(cmd, status, result, issue_flags);
#else
	io_uring_cmd_done(cmd, status, result, issue_flags);
#endif
}

/*
 * NPP_URING_TASK_WORK(name, function): what io_uring_cmd_complete_in_task() takes, to run
 * function(cmd, issue_flags) in the task that sent the command.
 */
#ifdef HAVE_URING_TW_REQ
#define NPP_URING_TASK_WORK(name, function)						\
	static void name(struct io_tw_req tw_req, io_tw_token_t token)			\
	{										\
		function(io_uring_cmd_from_tw(tw_req), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS); \
	}
#else
#define NPP_URING_TASK_WORK(name, function)						\
	static void name(struct io_uring_cmd *cmd, unsigned int issue_flags)		\
	{										\
		function(cmd, issue_flags);						\
	}
#endif

/*
 * Run @work in the task that sent the command.  It posts one completion: a task that waits
 * for several need not be woken for each.  Context: any.
 */
#ifdef HAVE_URING_LAZY
#define npp_uring_do_in_task(cmd, work) io_uring_cmd_do_in_task_lazy(cmd, work)
#else
#define npp_uring_do_in_task(cmd, work) io_uring_cmd_complete_in_task(cmd, work)
#endif

/* A part of a registered buffer; @issue_flags are those that the command came with. */
static inline int npp_uring_import(u64 at, u32 length, int direction, struct iov_iter *iter,
				   struct io_uring_cmd *cmd, unsigned int issue_flags)
{
#ifdef HAVE_URING_IMPORT_FLAGS
	return io_uring_cmd_import_fixed(at, length, direction, iter, cmd, issue_flags);
#else
	return io_uring_cmd_import_fixed(at, length, direction, iter, cmd);
#endif
}

#endif
