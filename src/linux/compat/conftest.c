/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Feature probes, all compiled in one run: a block that begins with
 * #line 1 "probe/NAME" and draws no error defines NAME in conftest.h.  Each says
 * what it is about and which mainline version brought it; stable kernels carry
 * backports, so the version is for the reader only.
 *
 * Only what src/linux/compat asks for is here.
 */
#if __has_include(<linux/blk-mq-pci.h>)
#include <linux/blk-mq-pci.h>
#endif
#include <linux/blk-mq.h>
#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#if __has_include(<linux/io_uring/cmd.h>)
#include <linux/io_uring/cmd.h>
#endif
#include <linux/module.h>
#include <linux/pci.h>

#define SAME(a, b) _Static_assert(__builtin_types_compatible_p(a, b), "")
#define MQ_OP(member) typeof(((struct blk_mq_ops *)0)->member)
#define PROBE static __attribute__((unused))

/* The controls: without them a broken compiler run would look like an old kernel. */
#line 1 "probe/CONFTEST_MUST_PASS"
PROBE int must_pass(struct request *req) { return req->tag; }
#line 1 "probe/CONFTEST_MUST_FAIL"
PROBE int must_fail(struct request *req) { return no_such_function_at_all(req); }

/* blk_mq_alloc_disk() takes the limits: 6.9 */
#line 1 "probe/HAVE_BLK_MQ_ALLOC_DISK_LIM"
PROBE void disk_with_limits(struct blk_mq_tag_set *set, struct queue_limits *limits)
{
	(void)blk_mq_alloc_disk(set, limits, NULL);
}

/* queue_rqs() and completion batches use struct rq_list: 6.13 */
#line 1 "probe/HAVE_RQ_LIST"
SAME(MQ_OP(queue_rqs), void (*)(struct rq_list *));

/* blk_mq_map_hw_queues() instead of blk_mq_pci_map_queues(): 6.14 */
#line 1 "probe/HAVE_BLK_MQ_MAP_HW_QUEUES"
PROBE void map_hw_queues(struct blk_mq_queue_map *map, struct device *dev)
{
	blk_mq_map_hw_queues(map, dev, 0);
}

/* hrtimer_setup() instead of hrtimer_init(): 6.13 */
#line 1 "probe/HAVE_HRTIMER_SETUP"
PROBE void timer_setup_at_once(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}

/* PCI_IRQ_INTX instead of PCI_IRQ_LEGACY: 6.8 */
#line 1 "probe/HAVE_PCI_IRQ_INTX"
PROBE int irq_intx(void) { return PCI_IRQ_INTX; }

/* BLK_STS_RESV_CONFLICT instead of BLK_STS_NEXUS: 6.5 */
#line 1 "probe/HAVE_BLK_STS_RESV_CONFLICT"
PROBE int reservation_conflict(void) { return (__force int)BLK_STS_RESV_CONFLICT; }

/* blk_freeze_queue_start_non_owner(), since lockdep knows of freezing: 6.13, and 6.12 stable */
#line 1 "probe/HAVE_FREEZE_NON_OWNER"
PROBE void freeze_non_owner(struct request_queue *q)
{
	blk_freeze_queue_start_non_owner(q);
	blk_mq_unfreeze_queue_non_owner(q);
}

/* block_device_operations use blk_mode_t instead of fmode_t: 6.5 */
#line 1 "probe/HAVE_BLK_MODE_T"
SAME(typeof(((struct block_device_operations *)0)->ioctl),
     int (*)(struct block_device *, blk_mode_t, unsigned int, unsigned long));

/* A class's dev_uevent() takes a const device: 6.3 */
#line 1 "probe/HAVE_CONST_UEVENT"
SAME(typeof(((struct class *)0)->dev_uevent),
     int (*)(const struct device *, struct kobj_uevent_env *));

/* blk_mq_freeze_queue() returns what blk_mq_unfreeze_queue() wants: 6.14 */
#line 1 "probe/HAVE_FREEZE_MEMFLAGS"
PROBE void freeze_memflags(struct request_queue *q)
{
	unsigned int flags = blk_mq_freeze_queue(q);

	blk_mq_unfreeze_queue(q, flags);
}

/* <linux/io_uring/cmd.h>: 6.8 */
#line 1 "probe/HAVE_URING_CMD_HEADER"
#ifndef _LINUX_IO_URING_CMD_H
#error "there is no such header"
#endif

/* A command of a ring has its submission entry: 6.6 */
#line 1 "probe/HAVE_URING_SQE"
PROBE const void *uring_payload(struct io_uring_cmd *cmd) { return io_uring_sqe_cmd(cmd->sqe); }
