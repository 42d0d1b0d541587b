// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of <linux/nvme_ioctl.h>: from the user's structures to ours.  An
 * unknown one is -ENOTTY: that is how tools find out what there is.
 */

#include <linux/blkdev.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>

#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "user/user.h"

/* Both layouts of a passthrough command begin alike. */
#define NPP_COMMON_BYTES offsetof(struct nvme_passthru_cmd, result)
static_assert(offsetof(struct nvme_passthru_cmd64, rsvd2) == NPP_COMMON_BYTES);

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
	r->data.at = u64_to_user_ptr(cmd->addr);
	r->data.length = cmd->data_len;
	r->timeout_ms = cmd->timeout_ms;
}

/* Fused commands, SGLs and metadata are not served. */
bool npp_is_plain(u8 flags, u32 metadata_bytes)
{
	return !flags && !metadata_bytes;
}

/* @ns: NULL for an admin command. */
static long npp_user_cmd(struct npp_dev *dev, struct npp_ns *ns, const void __user *user,
			 struct npp_user_request *r)
{
	struct nvme_passthru_cmd64 cmd;

	if (copy_from_user(&cmd, user, NPP_COMMON_BYTES))
		return -EFAULT;
	if (!npp_is_plain(cmd.flags, cmd.metadata_len))
		return -EINVAL;
	npp_take_command(r, &cmd, !ns);
	return ns ? npp_user_io(ns, r) : npp_user_admin(dev, r);
}

static long npp_user_cmd32(struct npp_dev *dev, struct npp_ns *ns,
			   struct nvme_passthru_cmd __user *user, struct npp_user_request *r)
{
	const long status = npp_user_cmd(dev, ns, user, r);

	return status >= 0 && put_user((u32)r->result, &user->result) ? -EFAULT : status;
}

static long npp_user_cmd64(struct npp_dev *dev, struct npp_ns *ns,
			   struct nvme_passthru_cmd64 __user *user, struct npp_user_request *r)
{
	const long status = npp_user_cmd(dev, ns, user, r);

	return status >= 0 && put_user(r->result, &user->result) ? -EFAULT : status;
}

#define NPP_NVM_WRITE	0x01
#define NPP_NVM_READ	0x02
#define NPP_NVM_COMPARE	0x05

/* Read, write or compare, of a length that is counted in blocks. */
static long npp_user_submit_io(struct npp_ns *ns, struct nvme_user_io __user *user,
			       struct npp_user_request *r)
{
	struct nvme_user_io io;

	if (copy_from_user(&io, user, sizeof(io)))
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
	r->data.at = u64_to_user_ptr(io.addr);
	r->data.length = ((u32)io.nblocks + 1) << ns->info.block_shift;
	return npp_user_io(ns, r);
}

/*
 * An I/O command by the controller's node is for its only namespace; upstream
 * keeps this for old programs.
 */
static long npp_ctrl_io_cmd(struct npp_dev *dev, struct nvme_passthru_cmd __user *user,
			    struct npp_user_request *r)
{
	struct npp_ns *ns;
	long status;
	int err = npp_only_namespace(dev, &ns);

	if (err)
		return err;
	status = npp_user_cmd32(dev, ns, user, r);
	put_disk(ns->disk);
	return status;
}

/* No completion tells that it is over: what follows is a reset like any other. */
static long npp_subsystem_reset(struct npp_dev *dev)
{
	int err = npp_ctrl_subsystem_reset(&dev->ctrl);

	if (err == -EOPNOTSUPP)
		return -ENOTTY;
	return err ?: npp_user_reset(dev);
}

long npp_ctrl_ioctl(struct npp_dev *dev, unsigned int cmd, unsigned long arg, bool may_write)
{
	struct npp_user_request r = {
		.rights = { .privileged = capable(CAP_SYS_ADMIN), .may_write = may_write },
	};
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case NVME_IOCTL_ADMIN_CMD:
		return npp_user_cmd32(dev, NULL, user, &r);
	case NVME_IOCTL_ADMIN64_CMD:
		return npp_user_cmd64(dev, NULL, user, &r);
	case NVME_IOCTL_IO_CMD:
		return npp_ctrl_io_cmd(dev, user, &r);
	case NVME_IOCTL_RESET:
		return r.rights.privileged ? npp_user_reset(dev) : -EACCES;
	case NVME_IOCTL_SUBSYS_RESET:
		return r.rights.privileged ? npp_subsystem_reset(dev) : -EACCES;
	case NVME_IOCTL_RESCAN:
		return r.rights.privileged ? npp_rescan(dev) : -EACCES;
	default:
		return -ENOTTY;
	}
}

/* By the disk's node, or by the generic one.  The caller holds the gate open. */
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
		force_successful_syscall_return();
		return ns->info.nsid;
	case NVME_IOCTL_ADMIN_CMD:
		return npp_user_cmd32(ns->dev, NULL, user, &r);
	case NVME_IOCTL_ADMIN64_CMD:
		return npp_user_cmd64(ns->dev, NULL, user, &r);
	case NVME_IOCTL_IO_CMD:
		return npp_user_cmd32(ns->dev, ns, user, &r);
	case NVME_IOCTL_IO64_CMD_VEC:
		r.data.kind = NPP_DATA_SEVERAL;
		fallthrough;
	case NVME_IOCTL_IO64_CMD:
		return npp_user_cmd64(ns->dev, ns, user, &r);
	case NVME_IOCTL_SUBMIT_IO:
		return npp_user_submit_io(ns, user, &r);
	default:
		return -ENOTTY;
	}
}
