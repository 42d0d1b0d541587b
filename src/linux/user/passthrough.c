// SPDX-License-Identifier: GPL-2.0
/*
 * Users' commands: which are sent, and admin commands, which go the way of the driver's
 * own.  I/O commands are in io_command.c.  Either way the user's timeout ends in a poll,
 * and in a reset only where the poll finds nothing.
 */

#include <linux/blkdev.h>
#include <linux/uaccess.h>

#include "base/gate.h"
#include "base/log.h"
#include "base/page.h"
#include "base/params.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "user/user.h"

/* Opcode, bits 1:0: no data, to the controller, from it, both (base 2.0, 3.3.3.1). */
bool npp_moves_out(u8 opcode)
{
	return opcode & 1;
}

static bool npp_moves_in(u8 opcode)
{
	return (opcode & 3) != 1;
}

static int npp_user_check(struct npp_dev *dev, const struct npp_user_request *r, u32 effects)
{
	if (r->c.data_bytes > dev->info.max_transfer_bytes)
		return -EINVAL;
	switch (npp_judge_command(&r->c, &r->rights, effects)) {
	case NPP_USER_SEND:
		return 0;
	case NPP_USER_FORBIDDEN:
		return -EACCES;
	case NPP_USER_DRIVERS_OWN:
		npp_warn_limited(dev, "admin command 0x%02x refused: only the driver may send it\n",
				 r->c.opcode);
		return -EPERM;
	case NPP_USER_TOO_SHORT:
		npp_warn_limited(dev, "%s command 0x%02x refused: it moves more than %u bytes\n",
				 r->c.admin ? "admin" : "I/O", r->c.opcode, r->c.data_bytes);
		return -EINVAL;
	default:
		return -EINVAL;
	}
}

/* The unprivileged cannot ask for a reset by a short timeout. */
unsigned int npp_user_timeout_ms(const struct npp_user_request *r, unsigned int usual_ms)
{
	if (!r->timeout_ms)
		return usual_ms;
	return r->rights.privileged ? r->timeout_ms : max(r->timeout_ms, usual_ms);
}

/* A reset that is running is waited for, but not the attempts that may follow it. */
static int npp_wait_until_live(struct npp_dev *dev, bool nowait)
{
	if (nowait && npp_state_is_workers(npp_ctrl_state(&dev->ctrl)))
		return -EAGAIN;
	switch (npp_wait_settled(dev)) {
	case NPP_LIVE:
		return 0;
	case NPP_PAUSED:
	case NPP_RECONNECT_WAIT:
		return -EAGAIN;
	default:
		return -ENODEV;
	}
}

/* What the controller says of its commands: asked once, as upstream does. */
static int npp_load_effects(struct npp_dev *dev, bool nowait)
{
	struct npp_page page;
	int err = 0;

	/* Who sees the flag sees what was read. */
	if (smp_load_acquire(&dev->effects_read))
		return 0;
	if (nowait)
		return -EAGAIN;
	mutex_lock(&dev->effects_lock);
	if (!dev->effects_read) {
		err = npp_page_alloc(dev, &page);
		if (!err) {
			err = npp_read_effects(&dev->ctrl, &dev->info, &page, &dev->effects);
			npp_page_free(dev, &page);
		}
		/* Pairs with the poll at it above. */
		smp_store_release(&dev->effects_read, !err);
	}
	mutex_unlock(&dev->effects_lock);
	return err;
}

static int npp_user_effects(struct npp_dev *dev, const struct npp_user_request *r, u32 *effects)
{
	int err = npp_wait_until_live(dev, r->nowait);

	if (!err)
		err = npp_load_effects(dev, r->nowait);
	*effects = npp_command_effects(&dev->effects, r->c.admin, r->c.opcode);
	return err;
}

/* The controller there, the command judged: then 0.  Inside the gate. */
int npp_user_accept(struct npp_dev *dev, const struct npp_user_request *r, u32 *effects)
{
	int err = npp_user_effects(dev, r, effects);

	return err ?: npp_user_check(dev, r, *effects);
}

/* The controller, until npp_gate_leave(); or an error.  @nowait: as the request's. */
struct npp_dev *npp_user_enter(struct npp_gate *gate, bool nowait)
{
	struct npp_dev *dev = nowait ? npp_gate_try_enter(gate) : npp_gate_enter(gate);

	return dev ?: ERR_PTR(-ENODEV);
}

/* From here on c.data_bytes counts.  To be undone by npp_user_buffer_put(), also when it failed. */
int npp_user_import(struct npp_user_request *r)
{
	const ssize_t bytes = npp_user_buffer_import(&r->data, npp_moves_out(r->c.opcode) ?
						     ITER_SOURCE : ITER_DEST);

	if (bytes < 0)
		return bytes;
	r->c.data_bytes = min_t(size_t, bytes, U32_MAX);
	return 0;
}

/* While no I/O is in flight.  -ENODEV: it was not sent, and has changed nothing. */
static int npp_admin_alone(struct npp_dev *dev, const struct npp_sqe *sqe, u64 *result,
			   unsigned int timeout_ms)
{
	struct npp_page page;
	int status = npp_page_alloc(dev, &page);

	if (status)
		return status;
	npp_freeze_disks(dev);
	status = npp_admin_timed(dev, sqe, result, timeout_ms);
	if (status != -ENODEV)
		npp_reread_frozen(dev, &page);
	npp_unfreeze_disks(dev);
	npp_page_free(dev, &page);
	return status;
}

/*
 * A command that changes namespaces has the scan wait, and where the controller
 * asks for it, all I/O; then the namespaces are read again.
 */
static int npp_admin_with_effects(struct npp_dev *dev, const struct npp_sqe *sqe, u64 *result,
				  unsigned int timeout_ms, u32 effects)
{
	const bool alone = npp_effects_exclude_io(effects);
	int status;

	if (!alone && !npp_effects_change_namespaces(effects))
		return npp_admin_timed(dev, sqe, result, timeout_ms);

	mutex_lock(&dev->scan_lock);
	status = alone ? npp_admin_alone(dev, sqe, result, timeout_ms) :
			 npp_admin_timed(dev, sqe, result, timeout_ms);
	mutex_unlock(&dev->scan_lock);
	npp_rescan(dev);
	return status;
}

static int npp_user_admin_judge(struct npp_gate *gate, const struct npp_user_request *r,
				u32 *effects)
{
	struct npp_dev *dev = npp_user_enter(gate, r->nowait);
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = npp_user_accept(dev, r, effects);
	npp_gate_leave(gate);
	return err;
}

/* Memory for what the command moves, which may be less than the user has. */
static int npp_user_admin_prepare(struct npp_user_request *r, struct npp_bounce *b)
{
	const u32 bytes = npp_command_bytes(&r->c);
	int err = npp_bounce_alloc(b, bytes);

	if (err)
		return err;
	iov_iter_truncate(&r->data.iter, bytes);
	return npp_moves_out(r->c.opcode) ? npp_bounce_from_user(b, &r->data.iter) : 0;
}

static int npp_user_admin_execute(struct npp_dev *dev, struct npp_user_request *r,
				  struct npp_bounce *b, u32 effects)
{
	struct npp_data data = { .prp = true };
	struct npp_sqe sqe;
	int status = npp_bounce_map(dev, b, npp_command_may_exceed(&r->c));

	if (!status) {
		data.addr = b->prp.prp1;
		data.prp2 = b->prp.prp2;
		npp_user_sqe(&r->c, &data, npp_ctrl_page_shift(&dev->ctrl), &sqe);
		status = npp_admin_with_effects(dev, &sqe, &r->result,
						npp_user_timeout_ms(r, npp_params.admin_timeout_ms),
						effects);
	}
	npp_bounce_unmap(dev, b);
	/* As upstream calls what a reset has cancelled. */
	return status == -ECANCELED ? -EINTR : status;
}

static int npp_user_admin_send(struct npp_gate *gate, struct npp_user_request *r,
			       struct npp_bounce *b, u32 effects)
{
	struct npp_dev *dev = npp_user_enter(gate, r->nowait);
	int status;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	status = npp_wait_until_live(dev, r->nowait);
	if (!status)
		status = npp_user_admin_execute(dev, r, b, effects);
	npp_gate_leave(gate);
	return status;
}

/* Data in both directions has been read from the user; now it is written there. */
static int npp_admin_to_user(struct npp_user_request *r, const struct npp_bounce *b)
{
	ssize_t bytes = 0;

	if (npp_moves_out(r->c.opcode)) {
		npp_user_buffer_put(&r->data);
		bytes = npp_user_buffer_import(&r->data, ITER_DEST);
		iov_iter_truncate(&r->data.iter, npp_command_bytes(&r->c));
	}
	return bytes < 0 ? bytes : npp_bounce_to_user(b, &r->data.iter);
}

/*
 * 0, the status of a command that the controller refused, or an error: -EACCES,
 * -EPERM, -EINVAL, -EFAULT, -ENOMEM, -EINTR (a reset came), -EAGAIN (paused),
 * -ENODEV.  The gate is passed twice: the user's memory is read before and written
 * after, and may take as long as the user likes.
 */
int npp_user_admin(struct npp_gate *gate, struct npp_user_request *r)
{
	struct npp_bounce bounce = { };
	int status = npp_user_import(r);
	u32 effects;

	if (!status)
		status = npp_user_admin_judge(gate, r, &effects);
	if (!status)
		status = npp_user_admin_prepare(r, &bounce);
	if (!status)
		status = npp_user_admin_send(gate, r, &bounce, effects);
	if (status >= 0 && npp_moves_in(r->c.opcode) && npp_admin_to_user(r, &bounce))
		status = -EFAULT;
	npp_bounce_free(&bounce);
	npp_user_buffer_put(&r->data);
	return status;
}
