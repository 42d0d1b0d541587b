// SPDX-License-Identifier: GPL-2.0
/*
 * Commands through io_uring, by the controller's node and the generic ones: the
 * ioctls' rules, without their waiting.  What would have to wait is -EAGAIN, and
 * comes again from a worker of the ring's.
 *
 * The gate is held while a command is sent.  An I/O command that is on its way
 * needs it no more: it is a request of its disk, which waits for its requests
 * before it goes.  What is done afterwards touches the user's memory only, and
 * the open node keeps the module.
 */

#include <linux/blk-mq.h>
#include <linux/nvme_ioctl.h>
#include <linux/percpu-refcount.h>
#include <linux/slab.h>

#include "base/gate.h"
#include "base/request.h"
#include "compat/uring.h"
#include "queue/queue.h"
#include "user/user.h"

/* The room that a ring's command has for us. */
struct npp_uring_pdu {
	struct bio *bio;	/* the user's data; NULL: none, or unmapped */
	u64 result;
	struct npp_hwq *poll_queue;	/* where it was sent; NULL: an interrupt ends it */
	int status;		/* as npp_user_io() returns it */
	bool polled;		/* its ring polls: the ring takes it from here, no task work */
	bool ended;		/* of a polled one: the two results above are there */
};

static struct npp_uring_pdu *npp_uring_pdu(struct io_uring_cmd *cmd)
{
	static_assert(sizeof(struct npp_uring_pdu) <= sizeof(cmd->pdu));
	return (struct npp_uring_pdu *)cmd->pdu;
}

/* Context: the user's task, or a worker where that one ends. */
static void npp_uring_finish(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct npp_uring_pdu *pdu = npp_uring_pdu(cmd);
	int status = pdu->status;

	if (pdu->bio && blk_rq_unmap_user(pdu->bio) && status >= 0)
		status = -EFAULT;
	npp_uring_done(cmd, status, pdu->result, issue_flags);
}

NPP_URING_TASK_WORK(npp_uring_task, npp_uring_finish)

/* Context: as npp_complete_rq(). */
static enum rq_end_io_ret npp_uring_end_io(struct request *req, NPP_END_IO_PARAMS(status))
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct io_uring_cmd *cmd = req->end_io_data;
	struct npp_uring_pdu *pdu = npp_uring_pdu(cmd);

	pdu->result = iod->result;
	pdu->status = npp_user_status(req, status);
	kfree(iod->user);
	if (pdu->polled)
		smp_store_release(&pdu->ended, true); /* pairs with npp_uring_take_ended() */
	else
		npp_uring_do_in_task(cmd, npp_uring_task);
	return RQ_END_IO_FREE;
}

/* A request that outlives @r: its command, npp_uring_end_io()'s to free. */
static struct request *npp_uring_request(struct npp_ns *ns, struct npp_user_request *r)
{
	struct npp_user_command *kept;
	struct request *req;
	struct npp_iod *iod;

	kept = kmalloc(sizeof(*kept), r->nowait ? GFP_NOWAIT | __GFP_NOWARN : GFP_KERNEL);
	if (!kept)
		return ERR_PTR(r->nowait ? -EAGAIN : -ENOMEM);
	req = npp_user_io_begin(ns, r);
	if (IS_ERR(req)) {
		kfree(kept);
		return req;
	}
	*kept = r->c;
	iod = blk_mq_rq_to_pdu(req);
	iod->user = kept;
	return req;
}

/* The queue to poll for @req; NULL: it has an interrupt. */
static struct npp_hwq *npp_uring_poll_queue(struct request *req)
{
	struct npp_hwq *q = req->mq_hctx->driver_data;

	return npp_is_poll_queue(q) ? q : NULL;
}

static int npp_uring_io(struct npp_ns *ns, struct io_uring_cmd *cmd, struct npp_user_request *r)
{
	struct request *req = npp_uring_request(ns, r);

	if (IS_ERR(req))
		return PTR_ERR(req);
	*npp_uring_pdu(cmd) = (struct npp_uring_pdu){
		.bio = req->bio,
		.poll_queue = npp_uring_poll_queue(req),
		.polled = r->polled,
	};
	req->end_io = npp_uring_end_io;
	req->end_io_data = cmd;
	blk_execute_rq_nowait(req, false);
	npp_gate_leave(ns->gate);
	return -EIOCBQUEUED;
}

/* Admin commands are waited for, by a worker, which completes them, too. */
static int npp_uring_admin(struct npp_gate *gate, struct io_uring_cmd *cmd,
			   struct npp_user_request *r, unsigned int issue_flags)
{
	struct npp_uring_pdu *pdu = npp_uring_pdu(cmd);
	int status;

	if (r->nowait)
		return -EAGAIN;
	status = npp_user_admin(gate, r);
	if (status < 0)
		return status;
	*pdu = (struct npp_uring_pdu){ .result = r->result, .status = status };
	npp_uring_finish(cmd, issue_flags);
	return -EIOCBQUEUED;
}

static int npp_uring_kind(const struct npp_node *node, const struct io_uring_cmd *cmd,
			  enum npp_user_buffer_kind *kind)
{
	const bool registered = cmd->flags & IORING_URING_CMD_FIXED;

	if (cmd->cmd_op == (node->ns ? NVME_URING_CMD_IO : NVME_URING_CMD_ADMIN))
		*kind = registered ? NPP_DATA_REGISTERED : NPP_DATA_ONE;
	else if (cmd->cmd_op == (node->ns ? NVME_URING_CMD_IO_VEC : NVME_URING_CMD_ADMIN_VEC))
		*kind = NPP_DATA_SEVERAL;
	else
		return -ENOTTY;
	return registered && *kind == NPP_DATA_SEVERAL ? -EINVAL : 0;
}

/* Each word once: what has been judged is what will be sent. */
static void npp_uring_read(const struct io_uring_cmd *cmd, struct nvme_passthru_cmd64 *to)
{
	const u64 *from = npp_uring_payload(cmd);
	u64 *word = (u64 *)to;
	unsigned int i;

	static_assert(sizeof(struct nvme_uring_cmd) ==
		      offsetof(struct nvme_passthru_cmd64, result));
	for (i = 0; i < sizeof(struct nvme_uring_cmd) / sizeof(*word); i++)
		word[i] = READ_ONCE(from[i]);
}

static int npp_uring_take(const struct npp_node *node, struct io_uring_cmd *cmd,
			  unsigned int issue_flags, struct npp_user_request *r)
{
	const unsigned int large = IO_URING_F_SQE128 | IO_URING_F_CQE32;
	struct nvme_passthru_cmd64 c;
	int err;

	r->polled = issue_flags & IO_URING_F_IOPOLL;
	if ((issue_flags & large) != large || (r->polled && !node->ns))
		return -EOPNOTSUPP;
	err = npp_uring_kind(node, cmd, &r->data.kind);
	if (err)
		return err;
	npp_uring_read(cmd, &c);
	if (!npp_is_plain(c.flags, c.metadata_len))
		return -EINVAL;
	npp_take_command(r, &c, !node->ns);
	r->data.registered_with = cmd;
	r->data.issue_flags = issue_flags;
	r->rights = (struct npp_user_rights){
		.privileged = capable(CAP_SYS_ADMIN),
		.may_write = cmd->file->f_mode & FMODE_WRITE,
	};
	r->nowait = issue_flags & IO_URING_F_NONBLOCK;
	return 0;
}

/*
 * -EIOCBQUEUED where the answer comes later: an NVMe status, or an error, and
 * the result of 64 bits.  Any other answer is an error, as npp_user_io() has
 * them, or -ENOTTY, or -EOPNOTSUPP for a ring of small entries and for an admin
 * command of a ring that polls.
 */
int npp_node_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct npp_node *node = cmd->file->private_data;
	struct npp_user_request r = { };
	int err = npp_uring_take(node, cmd, issue_flags, &r);

	if (err)
		return err;
	return node->ns ? npp_uring_io(node->ns, cmd, &r) :
			  npp_uring_admin(node->gate, cmd, &r, issue_flags);
}

static bool npp_uring_take_ended(struct io_uring_cmd *cmd)
{
	if (!smp_load_acquire(&npp_uring_pdu(cmd)->ended)) /* pairs with npp_uring_end_io() */
		return false;
	npp_uring_finish(cmd, 0);
	return true;
}

/*
 * A request has a reference to its disk's queue.  Where there is none left, the command has
 * ended; with one of our own, removal waits, and the controller stays.
 */
static int npp_uring_poll(const struct npp_node *node, struct npp_hwq *q,
			  struct io_comp_batch *batch)
{
	struct percpu_ref *users = &node->ns->disk->queue->q_usage_counter;
	int reaped;

	if (!percpu_ref_tryget(users))
		return 0;
	reaped = npp_poll_hwq(q, batch);
	percpu_ref_put(users);
	return reaped;
}

/*
 * io_uring's, of a ring with IORING_SETUP_IOPOLL that waits for this command among others.
 * What else is in the queue is ended as well, and taken by its own ring.  The answer is
 * posted here and not by task work, which a ring that is being cancelled does not run while
 * it waits for its commands (io_uring_try_cancel_requests()).  Returns how many were reaped.
 * Context: the ring's, process, with its lock.  Sleeps: no.
 */
int npp_node_uring_iopoll(struct io_uring_cmd *cmd, struct io_comp_batch *batch,
			  unsigned int flags)
{
	struct npp_hwq *q = npp_uring_pdu(cmd)->poll_queue;
	int reaped = 0;

	if (npp_uring_take_ended(cmd))
		return 1;
	if (q)
		reaped = npp_uring_poll(cmd->file->private_data, q, batch);
	return npp_uring_take_ended(cmd) ? 1 : reaped;
}
