// SPDX-License-Identifier: GPL-2.0
/*
 * Users' I/O commands: requests of their disk, with its queues and its timeout handler,
 * and with the user's own pages, as far as they can be mapped.
 */

#include <linux/blkdev.h>
#include <linux/uaccess.h>

#include "base/gate.h"
#include "base/params.h"
#include "base/request.h"
#include "block/block.h"
#include "compat/reservation.h"
#include "user/user.h"

/*
 * The entry of a request that carries a user's command.
 * Context: as npp_queue_rq(), with q->sq_lock held.
 */
void npp_submit_user(struct npp_queue *core, u16 tag, struct request *req)
{
	const struct npp_hwq *q = req->mq_hctx->driver_data;
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const struct npp_data data = {
		.addr = iod->dma,
		.prp2 = iod->prp2,
		.bytes = iod->dma_bytes,
		.prp = iod->attempt.data_ptr_type == NPP_DATA_PTR_PRP,
		.sgl = iod->attempt.data_ptr_type == NPP_DATA_PTR_SGL,
	};
	struct npp_sqe sqe;

	npp_user_sqe(iod->user, &data, npp_ctrl_page_shift(&q->dev->ctrl), &sqe);
	npp_submit_raw(core, tag, &sqe);
}

/*
 * The result for the user.  Kernels that end users' requests in batches call all of
 * them good (6.12 does).
 */
int npp_user_status(struct request *req, blk_status_t status)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);

	if (iod->attempt.status == NPP_STATUS_CANCELLED || iod->attempt.status == NPP_STATUS_DEAD)
		return -EINTR;
	return iod->attempt.status ?: blk_status_to_errno(status);
}

static struct request *npp_user_new_request(struct npp_ns *ns, const struct npp_user_request *r)
{
	const blk_opf_t op = npp_moves_out(r->c.opcode) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request *req = blk_mq_alloc_request(ns->disk->queue,
						   op | (r->polled ? REQ_POLLED : 0),
						   r->nowait ? BLK_MQ_REQ_NOWAIT : 0);
	struct npp_iod *iod;

	if (IS_ERR(req))
		return req;
	/* Never sent twice: the user decides. */
	req->cmd_flags |= REQ_FAILFAST_DRIVER;
	req->timeout = msecs_to_jiffies(npp_user_timeout_ms(r, npp_params.io_timeout_ms));
	/* Its submitter may not poll: then the timeout does, for those who wait for the disk. */
	if (npp_is_poll_queue(req->mq_hctx->driver_data))
		req->timeout = min_t(unsigned int, req->timeout,
				     msecs_to_jiffies(npp_params.io_timeout_ms));
	iod = blk_mq_rq_to_pdu(req);
	iod->user = &r->c;
	iod->attempt = (struct npp_attempt){ };
	iod->result = 0;
	return req;
}

/*
 * Only what is present: -EFAULT otherwise, so that the request does not wait for the user.
 * A registered buffer is mapped as it is: nothing is allocated for it, and a part of its
 * pieces is not a list of pieces.  Of another, what the command moves now: by the next try
 * a Format may have changed that, so @r->data stays whole.
 */
static int npp_user_map_data(struct request *req, const struct npp_user_request *r)
{
	struct iov_iter iter = r->data.iter;
	int err;

	if (r->data.kind != NPP_DATA_REGISTERED)
		iov_iter_truncate(&iter, npp_command_bytes(&r->c));
	if (!iov_iter_count(&iter))
		return 0;
	iter.nofault = true;
	pagefault_disable();
	err = blk_rq_map_user_iov(req->q, req, NULL, &iter, GFP_KERNEL);
	pagefault_enable();
	return err;
}

static struct request *npp_user_map_request(struct npp_ns *ns, const struct npp_user_request *r)
{
	struct request *req = npp_user_new_request(ns, r);
	int err;

	if (IS_ERR(req))
		return req;
	/* Judged before, but until now a Format could come between. */
	if (r->c.block_shift != ns->info.block_shift)
		err = -ESTALE;
	else
		err = npp_user_map_data(req, r);
	if (!err)
		return req;
	blk_mq_free_request(req);
	return ERR_PTR(err);
}

/* Once, with data that is present; on success inside the gate. */
static struct request *npp_user_io_try(struct npp_ns *ns, struct npp_user_request *r)
{
	struct npp_dev *dev = npp_user_enter(ns->gate, r->nowait);
	struct request *req;
	u32 effects;
	int err;

	if (IS_ERR(dev))
		return ERR_CAST(dev);
	r->c.block_shift = ns->info.block_shift;
	err = npp_user_accept(dev, r, &effects);
	req = err ? ERR_PTR(err) : npp_user_map_request(ns, r);
	if (IS_ERR(req))
		npp_gate_leave(ns->gate);
	return req;
}

#define NPP_FAULT_IN_TRIES	8	/* until memory that goes again at once is not waited for */

/*
 * A request with the user's command and data, for the namespace's own number only;
 * to be executed and freed, and its bio to be unmapped.  Its command is still @r's:
 * who does not wait gives it one of its own.  Errors as npp_user_io(); -ESTALE: the
 * namespace has got blocks of another size meanwhile.  On success the gate is entered,
 * and the caller leaves it.
 */
struct request *npp_user_io_begin(struct npp_ns *ns, struct npp_user_request *r)
{
	unsigned int tries = 0;
	struct request *req;
	int err;

	if (r->c.nsid != ns->info.nsid)
		return ERR_PTR(-EINVAL);
	err = npp_user_import(r);
	do {
		req = err ? ERR_PTR(err) : npp_user_io_try(ns, r);
		if (err || PTR_ERR_OR_ZERO(req) != -EFAULT || tries++ == NPP_FAULT_IN_TRIES)
			break;
		/* What waits for nothing is sent again by a worker, which may. */
		err = r->nowait && r->data.kind != NPP_DATA_REGISTERED ? -EAGAIN :
			npp_user_buffer_fault_in(&r->data, npp_command_bytes(&r->c));
		req = ERR_PTR(err);
	} while (!err);
	npp_user_buffer_put(&r->data);
	return req;
}

/*
 * A command that the kernel sends by itself, with r->c.data_bytes of data.  Its data is the
 * driver's, and the command is right: neither is checked.  Returns as npp_user_io().
 */
int npp_user_io_kernel(struct npp_ns *ns, struct npp_user_request *r, void *data)
{
	struct npp_dev *dev = npp_user_enter(ns->gate, false);
	struct request *req;
	int status;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	req = npp_user_new_request(ns, r);
	if (IS_ERR(req)) {
		npp_gate_leave(ns->gate);
		return PTR_ERR(req);
	}
	status = npp_map_kernel_data(req, data, r->c.data_bytes);
	if (!status)
		status = npp_user_status(req, blk_execute_rq(req, false));
	blk_mq_free_request(req);
	npp_gate_leave(ns->gate);
	return status;
}

/* As npp_user_admin(). */
int npp_user_io(struct npp_ns *ns, struct npp_user_request *r)
{
	struct request *req = npp_user_io_begin(ns, r);
	const struct npp_iod *iod;
	struct bio *bio;
	int status;

	if (IS_ERR(req))
		return PTR_ERR(req);
	iod = blk_mq_rq_to_pdu(req);
	bio = req->bio;
	status = npp_user_status(req, blk_execute_rq(req, false));
	r->result = iod->result;
	blk_mq_free_request(req);
	npp_gate_leave(ns->gate);
	/* What was not mapped as it is, is copied to the user's memory now. */
	if (bio && blk_rq_unmap_user(bio) && status >= 0)
		status = -EFAULT;
	return status;
}
