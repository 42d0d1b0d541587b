// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent reservations: the ioctls of <linux/pr.h>, which the block layer checks, and other
 * users of pr_ops in the kernel.  Each is one command, sent as users' I/O commands are.
 * Context of all: process; sleeps.
 */

#include <linux/blkdev.h>
#include <linux/pr.h>
#include <linux/slab.h>

#include "base/gate.h"
#include "compat/reservation.h"
#include "user/user.h"

/* A report of more than 1023 registrants is cut; controllers have few. */
#define NPP_PR_REPORT_MOST	65536u

/* -EOPNOTSUPP: the controller has no reservations. */
static int npp_pr_check(struct npp_ns *ns)
{
	const struct npp_dev *dev = npp_gate_enter(ns->gate);
	bool can;

	if (!dev)
		return -ENODEV;
	can = dev->info.can_reserve;
	npp_gate_leave(ns->gate);
	return can ? 0 : -EOPNOTSUPP;
}

/* 0, a positive NVMe status, or an error. */
static int npp_pr_send(struct npp_ns *ns, const struct npp_user_command *c, void *data)
{
	struct npp_user_request r = { .c = *c };
	const int err = npp_pr_check(ns);

	r.c.nsid = ns->info.nsid;
	return err ?: npp_user_io_kernel(ns, &r, data);
}

static struct npp_ns *npp_pr_ns(struct block_device *bdev)
{
	return bdev->bd_disk->private_data;
}

/* @keys are on their way to the device: memory that it may read, which the stack is not. */
static int npp_pr_change(struct block_device *bdev, const struct npp_user_command *c,
			 const struct npp_pr_keys *keys)
{
	void *data = kmemdup(keys, sizeof(*keys), GFP_KERNEL);
	int status;

	if (!data)
		return -ENOMEM;
	status = npp_pr_send(npp_pr_ns(bdev), c, data);
	kfree(data);
	return npp_pr_result(status);
}

static int npp_pr_register_key(struct block_device *bdev, u64 old_key, u64 new_key, u32 flags)
{
	struct npp_user_command c;
	struct npp_pr_keys keys;

	if (flags & ~PR_FL_IGNORE_KEY)
		return -EOPNOTSUPP;
	npp_pr_register(old_key, new_key, flags & PR_FL_IGNORE_KEY,
			npp_pr_ns(bdev)->info.keeps_reservations, &c, &keys);
	return npp_pr_change(bdev, &c, &keys);
}

static bool npp_pr_type_is_valid(enum pr_type type)
{
	return type >= PR_WRITE_EXCLUSIVE && type <= PR_EXCLUSIVE_ACCESS_ALL_REGS;
}

static int npp_pr_reserve_ns(struct block_device *bdev, u64 key, enum pr_type type, u32 flags)
{
	struct npp_user_command c;
	struct npp_pr_keys keys;

	if (flags & ~PR_FL_IGNORE_KEY)
		return -EOPNOTSUPP;
	if (!npp_pr_type_is_valid(type))
		return -EINVAL;
	npp_pr_acquire(NPP_PR_RESERVE, key, 0, type, flags & PR_FL_IGNORE_KEY, &c, &keys);
	return npp_pr_change(bdev, &c, &keys);
}

static int npp_pr_release_ns(struct block_device *bdev, u64 key, enum pr_type type)
{
	struct npp_user_command c;
	struct npp_pr_keys keys;

	if (!npp_pr_type_is_valid(type))
		return -EINVAL;
	npp_pr_release(key, type, &c, &keys);
	return npp_pr_change(bdev, &c, &keys);
}

static int npp_pr_preempt_ns(struct block_device *bdev, u64 old_key, u64 new_key,
			     enum pr_type type, bool abort)
{
	struct npp_user_command c;
	struct npp_pr_keys keys;

	if (!npp_pr_type_is_valid(type))
		return -EINVAL;
	npp_pr_acquire(abort ? NPP_PR_PREEMPT_ABORT : NPP_PR_PREEMPT, old_key, new_key, type,
		       false, &c, &keys);
	return npp_pr_change(bdev, &c, &keys);
}

static int npp_pr_clear_ns(struct block_device *bdev, u64 key)
{
	struct npp_user_command c;
	struct npp_pr_keys keys;

	npp_pr_clear(key, &c, &keys);
	return npp_pr_change(bdev, &c, &keys);
}

/*
 * @report is what the device writes, @copy what is parsed.  Controllers whose host identifier
 * has 64 bits refuse the extended structure.
 */
static int npp_pr_report_once(struct npp_ns *ns, void *report, void *copy, u32 bytes,
			      u64 *keys, u32 capacity, struct npp_pr_summary *summary)
{
	struct npp_user_command c;
	bool extended = true;
	int status;

	npp_pr_report(extended, bytes, &c);
	status = npp_pr_send(ns, &c, report);
	if (status > 0 && (status & 0x7ff) == NPP_STATUS_HOST_ID) {
		extended = false;
		npp_pr_report(extended, bytes, &c);
		status = npp_pr_send(ns, &c, report);
	}
	if (status)
		return status;
	memcpy(copy, report, bytes);
	return npp_pr_parse(copy, bytes, extended, keys, capacity, summary);
}

/*
 * The registrants and the holder of the reservation, as of one report; @keys may be NULL.
 * Returns as pr_ops do.
 */
static int npp_pr_read(struct block_device *bdev, u64 *keys, u32 capacity,
		       struct npp_pr_summary *summary)
{
	struct npp_ns *ns = npp_pr_ns(bdev);
	const u32 bytes = min(NPP_PR_REPORT_MOST, ns->limits.max_sectors << SECTOR_SHIFT);
	void *report = kzalloc(bytes, GFP_KERNEL);
	void *copy = kmalloc(bytes, GFP_KERNEL);
	int status = -ENOMEM;

	if (report && copy)
		status = npp_pr_report_once(ns, report, copy, bytes, keys, capacity, summary);
	kfree(copy);
	kfree(report);
	return npp_pr_result(status);
}

static int __maybe_unused npp_pr_read_keys(struct block_device *bdev, struct pr_keys *info)
{
	struct npp_pr_summary summary;
	const int status = npp_pr_read(bdev, info->keys, info->num_keys, &summary);

	if (status)
		return status;
	info->generation = summary.generation;
	info->num_keys = summary.registrants;
	return 0;
}

static int __maybe_unused npp_pr_read_reservation(struct block_device *bdev,
						  struct pr_held_reservation *held)
{
	struct npp_pr_summary summary;
	const int status = npp_pr_read(bdev, NULL, 0, &summary);

	if (status)
		return status;
	held->key = summary.holder_key;
	held->generation = summary.generation;
	held->type = summary.type;
	return 0;
}

const struct pr_ops npp_pr_ops = {
	.pr_register = npp_pr_register_key,
	.pr_reserve = npp_pr_reserve_ns,
	.pr_release = npp_pr_release_ns,
	.pr_preempt = npp_pr_preempt_ns,
	.pr_clear = npp_pr_clear_ns,
	NPP_PR_READ_OPS
};
