// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of <linux/nvme_ioctl.h>: from the user's structures to ours.  An
 * unknown one is -ENOTTY: that is how tools find out what there is.
 */

#include <linux/blkdev.h>
#include <linux/compat.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "base/gate.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "user/user.h"

/* Both layouts of a passthrough command begin alike. */
#define NPP_COMMON_BYTES offsetof(struct nvme_passthru_cmd, result)
static_assert(offsetof(struct nvme_passthru_cmd64, rsvd2) == NPP_COMMON_BYTES);

/* A pointer of a 32-bit program is the lower half: the upper one may be anything. */
static void __user *npp_user_pointer(u64 address)
{
	if (in_compat_syscall())
		address = (compat_uptr_t)address;
	return u64_to_user_ptr(address);
}

/* All of a command but its flags and metadata, which npp_is_plain() refuses. */
void npp_take_command(struct npp_user_request *r, const struct nvme_passthru_cmd64 *cmd,
		      bool admin)
{
	r->c = (struct npp_user_command){
		.opcode = cmd->opcode,
		.admin = admin,
		.nsid = cmd->nsid,
		.cdw2 = cmd->cdw2,
		.cdw3 = cmd->cdw3,
		.cdw10 = cmd->cdw10,
		.cdw11 = cmd->cdw11,
		.cdw12 = cmd->cdw12,
		.cdw13 = cmd->cdw13,
		.cdw14 = cmd->cdw14,
		.cdw15 = cmd->cdw15,
	};
	r->data.at = npp_user_pointer(cmd->addr);
	r->data.length = cmd->data_len;
	r->timeout_ms = cmd->timeout_ms;
}

/* Fused commands, SGLs and metadata are not served. */
bool npp_is_plain(u8 flags, u32 metadata_bytes)
{
	return !flags && !metadata_bytes;
}

/* @ns: NULL for an admin command. */
static long npp_user_cmd(struct npp_gate *gate, struct npp_ns *ns, const void __user *user,
			 struct npp_user_request *r)
{
	struct nvme_passthru_cmd64 cmd;

	if (copy_from_user(&cmd, user, NPP_COMMON_BYTES))
		return -EFAULT;
	if (!npp_is_plain(cmd.flags, cmd.metadata_len))
		return -EINVAL;
	npp_take_command(r, &cmd, !ns);
	return ns ? npp_user_io(ns, r) : npp_user_admin(gate, r);
}

static long npp_user_cmd32(struct npp_gate *gate, struct npp_ns *ns,
			   struct nvme_passthru_cmd __user *user, struct npp_user_request *r)
{
	const long status = npp_user_cmd(gate, ns, user, r);

	return status >= 0 && put_user((u32)r->result, &user->result) ? -EFAULT : status;
}

static long npp_user_cmd64(struct npp_gate *gate, struct npp_ns *ns,
			   struct nvme_passthru_cmd64 __user *user, struct npp_user_request *r)
{
	const long status = npp_user_cmd(gate, ns, user, r);

	return status >= 0 && put_user(r->result, &user->result) ? -EFAULT : status;
}

#define NPP_NVM_WRITE	0x01
#define NPP_NVM_READ	0x02
#define NPP_NVM_COMPARE	0x05

/*
 * 32-bit ABIs whose u64 is aligned to 4 bytes have no padding at the end of struct
 * nvme_user_io, and so another number of the ioctl.  Its fields lie alike.
 */
#define NPP_USER_IO_BYTES	offsetofend(struct nvme_user_io, appmask)
#define NPP_IOCTL_SUBMIT_IO32	_IOC(_IOC_WRITE, 'N', 0x42, NPP_USER_IO_BYTES)

/* Read, write or compare, of a length that is counted in blocks. */
static long npp_user_submit_io(struct npp_ns *ns, struct nvme_user_io __user *user,
			       struct npp_user_request *r)
{
	struct nvme_user_io io;

	if (copy_from_user(&io, user, NPP_USER_IO_BYTES))
		return -EFAULT;
	if (!npp_is_plain(io.flags, 0))
		return -EINVAL;
	if (io.opcode != NPP_NVM_READ && io.opcode != NPP_NVM_WRITE && io.opcode != NPP_NVM_COMPARE)
		return -EINVAL;
	r->c = (struct npp_user_command){
		.opcode = io.opcode,
		.nsid = ns->info.nsid,
		.cdw10 = lower_32_bits(io.slba),
		.cdw11 = upper_32_bits(io.slba),
		.cdw12 = io.nblocks | (u32)io.control << 16,
		.cdw13 = io.dsmgmt,
		.cdw14 = io.reftag,
		.cdw15 = io.apptag | (u32)io.appmask << 16,
	};
	r->data.at = npp_user_pointer(io.addr);
	r->data.length = ((u32)io.nblocks + 1) << ns->info.block_shift;
	return npp_user_io(ns, r);
}

/*
 * An I/O command by the controller's node is for its only namespace; upstream
 * keeps this for old programs.
 */
static long npp_ctrl_io_cmd(struct npp_gate *gate, struct nvme_passthru_cmd __user *user,
			    struct npp_user_request *r)
{
	struct npp_dev *dev = npp_user_enter(gate, false);
	struct npp_ns *ns;
	long status;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = npp_only_namespace(dev, &ns);
	npp_gate_leave(gate);
	if (err)
		return err;
	status = npp_user_cmd32(gate, ns, user, r);
	put_disk(ns->disk);
	return status;
}

/* No completion ends it: a reset like any other follows. */
static int npp_subsystem_reset(struct npp_dev *dev)
{
	int err = npp_ctrl_subsystem_reset(&dev->ctrl);

	if (err == -EOPNOTSUPP)
		return -ENOTTY;
	return err ?: npp_user_reset(dev);
}

/* @act, for those who may. */
static long npp_ctrl_act(struct npp_gate *gate, const struct npp_user_request *r,
			 int (*act)(struct npp_dev *dev))
{
	struct npp_dev *dev;
	int err;

	if (!r->rights.privileged)
		return -EACCES;
	dev = npp_user_enter(gate, false);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = act(dev);
	npp_gate_leave(gate);
	return err;
}

long npp_ctrl_ioctl(struct npp_gate *gate, unsigned int cmd, unsigned long arg, bool may_write)
{
	struct npp_user_request r = {
		.rights = { .privileged = capable(CAP_SYS_ADMIN), .may_write = may_write },
	};
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case NVME_IOCTL_ADMIN_CMD:
		return npp_user_cmd32(gate, NULL, user, &r);
	case NVME_IOCTL_ADMIN64_CMD:
		return npp_user_cmd64(gate, NULL, user, &r);
	case NVME_IOCTL_IO_CMD:
		return npp_ctrl_io_cmd(gate, user, &r);
	case NVME_IOCTL_RESET:
		return npp_ctrl_act(gate, &r, npp_user_reset);
	case NVME_IOCTL_SUBSYS_RESET:
		return npp_ctrl_act(gate, &r, npp_subsystem_reset);
	case NVME_IOCTL_RESCAN:
		return npp_ctrl_act(gate, &r, npp_rescan);
	default:
		return -ENOTTY;
	}
}

static long npp_ns_id(struct npp_ns *ns)
{
	struct npp_dev *dev = npp_user_enter(ns->gate, false);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	npp_gate_leave(ns->gate);
	force_successful_syscall_return();
	return ns->info.nsid;
}

/* By the disk's node, or by the generic one. */
long npp_ns_ioctl(struct npp_ns *ns, unsigned int cmd, unsigned long arg, bool may_write,
		  bool partition)
{
	struct npp_user_request r = {
		.rights = { .privileged = capable(CAP_SYS_ADMIN), .may_write = may_write,
			    .partition = partition },
	};
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case NVME_IOCTL_ID:
		return npp_ns_id(ns);
	case NVME_IOCTL_ADMIN_CMD:
		return npp_user_cmd32(ns->gate, NULL, user, &r);
	case NVME_IOCTL_ADMIN64_CMD:
		return npp_user_cmd64(ns->gate, NULL, user, &r);
	case NVME_IOCTL_IO_CMD:
		return npp_user_cmd32(ns->gate, ns, user, &r);
	case NVME_IOCTL_IO64_CMD_VEC:
		r.data.kind = NPP_DATA_SEVERAL;
		fallthrough;
	case NVME_IOCTL_IO64_CMD:
		return npp_user_cmd64(ns->gate, ns, user, &r);
	case NVME_IOCTL_SUBMIT_IO:
	case NPP_IOCTL_SUBMIT_IO32:
		return npp_user_submit_io(ns, user, &r);
	default:
		return -ENOTTY;
	}
}
