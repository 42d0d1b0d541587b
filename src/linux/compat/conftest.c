/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Feature probes, all compiled in one run: a block that begins with
 * #line 1 "probe/NAME" and draws no error has passed.
 *
 *   HAVE_X    defines HAVE_X in conftest.h.  Says which mainline version brought it;
 *             stable kernels carry backports, so the version is for the reader only
 *   ELSE_X    what src/linux/compat relies on where HAVE_X fails; ELSE_X_2 another way.
 *             Each HAVE_X has one: a kernel that passes neither is no older kernel but
 *             an unknown one
 *   NEED_X    what there must be in every kernel
 *
 * Where a NEED_X fails, or both HAVE_X and ELSE_X, the build ends with one line that
 * names them (conftest.awk).
 */
#if __has_include(<linux/blk-mq-pci.h>)
#include <linux/blk-mq-pci.h>
#endif
#include <linux/blk-mq.h>
#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/hrtimer.h>
#if __has_include(<linux/io_uring/cmd.h>)
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pr.h>

#define SAME(a, b) _Static_assert(__builtin_types_compatible_p(a, b), "")
#define MEMBER(type, member) typeof(((type *)0)->member)
#define MQ_OP(member) MEMBER(struct blk_mq_ops, member)
#define BDEV_OP(member) MEMBER(struct block_device_operations, member)
#define PROBE static __attribute__((unused))

/* The controls: without them a broken compiler run would look like an old kernel. */
#line 1 "probe/CONFTEST_MUST_PASS"
PROBE int must_pass(struct request *req) { return req->tag; }
#line 1 "probe/CONFTEST_MUST_FAIL"
PROBE int must_fail(struct request *req) { return no_such_function_at_all(req); }

#line 1 "probe/NEED_64_BIT"
_Static_assert(sizeof(long) == 8 && sizeof(dma_addr_t) == 8, "");

/* What blk-mq and others call: */
#line 1 "probe/NEED_QUEUE_RQ"
SAME(MQ_OP(queue_rq), blk_status_t (*)(struct blk_mq_hw_ctx *, const struct blk_mq_queue_data *));
#line 1 "probe/NEED_COMMIT_RQS"
SAME(MQ_OP(commit_rqs), void (*)(struct blk_mq_hw_ctx *));
#line 1 "probe/NEED_COMPLETE"
SAME(MQ_OP(complete), void (*)(struct request *));
#line 1 "probe/NEED_TIMEOUT"
SAME(MQ_OP(timeout), enum blk_eh_timer_return (*)(struct request *));
#line 1 "probe/NEED_POLL"
SAME(MQ_OP(poll), int (*)(struct blk_mq_hw_ctx *, struct io_comp_batch *));
#line 1 "probe/NEED_MAP_QUEUES"
SAME(MQ_OP(map_queues), void (*)(struct blk_mq_tag_set *));
#line 1 "probe/NEED_COMPLETION_BATCH"
PROBE bool add_to_batch(struct request *req, struct io_comp_batch *iob,
			void (*complete)(struct io_comp_batch *))
{
	return blk_mq_add_to_batch(req, iob, 0, complete);
}
#line 1 "probe/NEED_END_IO_VERDICT"
PROBE enum rq_end_io_ret end_io_verdict(void) { return RQ_END_IO_FREE; }
#line 1 "probe/NEED_EXECUTE_RQ_STATUS"
PROBE blk_status_t execute_rq(struct request *req) { return blk_execute_rq(req, false); }
#line 1 "probe/NEED_URING_COMMANDS"
SAME(MEMBER(struct file_operations, uring_cmd), int (*)(struct io_uring_cmd *, unsigned int));
#line 1 "probe/NEED_URING_IOPOLL"
SAME(MEMBER(struct file_operations, uring_cmd_iopoll),
     int (*)(struct io_uring_cmd *, struct io_comp_batch *, unsigned int));
#line 1 "probe/NEED_ERROR_HANDLERS"
SAME(MEMBER(struct pci_error_handlers, error_detected),
     pci_ers_result_t (*)(struct pci_dev *, pci_channel_state_t));

/* blk_mq_alloc_disk() takes the limits: 6.9 */
#line 1 "probe/HAVE_BLK_MQ_ALLOC_DISK_LIM"
PROBE void disk_with_limits(struct blk_mq_tag_set *set, struct queue_limits *limits)
{
	(void)blk_mq_alloc_disk(set, limits, NULL);
}
#line 1 "probe/ELSE_BLK_MQ_ALLOC_DISK_LIM"
PROBE void disk_without_limits(struct blk_mq_tag_set *set) { (void)blk_mq_alloc_disk(set, NULL); }

/* queue_rqs() and completion batches use struct rq_list: 6.13 */
#line 1 "probe/HAVE_RQ_LIST"
SAME(MQ_OP(queue_rqs), void (*)(struct rq_list *));
#line 1 "probe/ELSE_RQ_LIST"
SAME(MQ_OP(queue_rqs), void (*)(struct request **));

/* blk_mq_map_hw_queues() instead of blk_mq_pci_map_queues(): 6.14 */
#line 1 "probe/HAVE_BLK_MQ_MAP_HW_QUEUES"
PROBE void map_hw_queues(struct blk_mq_queue_map *map, struct device *dev)
{
	blk_mq_map_hw_queues(map, dev, 0);
}
#line 1 "probe/ELSE_BLK_MQ_MAP_HW_QUEUES"
PROBE void map_pci_queues(struct blk_mq_queue_map *map, struct pci_dev *pdev)
{
	blk_mq_pci_map_queues(map, pdev, 0);
}

/* hrtimer_setup() instead of hrtimer_init(): 6.13 */
#line 1 "probe/HAVE_HRTIMER_SETUP"
PROBE void timer_setup_at_once(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
#line 1 "probe/ELSE_HRTIMER_SETUP"
PROBE void timer_setup_in_two(struct hrtimer *timer, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = fn;
}

/* PCI_IRQ_INTX instead of PCI_IRQ_LEGACY: 6.8 */
#line 1 "probe/HAVE_PCI_IRQ_INTX"
PROBE int irq_intx(void) { return PCI_IRQ_INTX; }
#line 1 "probe/ELSE_PCI_IRQ_INTX"
PROBE int irq_legacy(void) { return PCI_IRQ_LEGACY; }

/* BLK_STS_RESV_CONFLICT instead of BLK_STS_NEXUS: 6.5 */
#line 1 "probe/HAVE_BLK_STS_RESV_CONFLICT"
PROBE int reservation_conflict(void) { return (__force int)BLK_STS_RESV_CONFLICT; }
#line 1 "probe/ELSE_BLK_STS_RESV_CONFLICT"
PROBE int reservation_nexus(void) { return (__force int)BLK_STS_NEXUS; }

/* What pr_ops return is enum pr_status: 6.5 */
#line 1 "probe/HAVE_PR_STATUS"
PROBE int pr_conflict(void) { return PR_STS_RESERVATION_CONFLICT; }
#line 1 "probe/ELSE_PR_STATUS"
SAME(MEMBER(struct pr_ops, pr_clear), int (*)(struct block_device *, u64));

/* pr_ops.pr_read_keys and pr_read_reservation: 6.5 */
#line 1 "probe/HAVE_PR_READ"
SAME(MEMBER(struct pr_ops, pr_read_keys), int (*)(struct block_device *, struct pr_keys *));
SAME(MEMBER(struct pr_ops, pr_read_reservation),
     int (*)(struct block_device *, struct pr_held_reservation *));
#line 1 "probe/ELSE_PR_READ"
SAME(MEMBER(struct pr_ops, pr_register), int (*)(struct block_device *, u64, u64, u32));

/* blk_rq_map_kern() knows the queue by the request: 6.16 */
#line 1 "probe/HAVE_MAP_KERN_WITHOUT_QUEUE"
PROBE int map_kern(struct request *req, void *data)
{
	return blk_rq_map_kern(req, data, 1, GFP_KERNEL);
}
#line 1 "probe/ELSE_MAP_KERN_WITHOUT_QUEUE"
PROBE int map_kern_of_queue(struct request *req, void *data)
{
	return blk_rq_map_kern(req->q, req, data, 1, GFP_KERNEL);
}

/* blk_freeze_queue_start_non_owner(), since lockdep knows of freezing: 6.13, and 6.12 stable */
#line 1 "probe/HAVE_FREEZE_NON_OWNER"
PROBE void freeze_non_owner(struct request_queue *q)
{
	blk_freeze_queue_start_non_owner(q);
	blk_mq_unfreeze_queue_non_owner(q);
}
#line 1 "probe/ELSE_FREEZE_NON_OWNER"
PROBE void freeze_without_owner(struct request_queue *q)
{
	blk_freeze_queue_start(q);
	blk_mq_unfreeze_queue(q);
}

/* block_device_operations use blk_mode_t instead of fmode_t: 6.5 */
#line 1 "probe/HAVE_BLK_MODE_T"
SAME(BDEV_OP(ioctl), int (*)(struct block_device *, blk_mode_t, unsigned int, unsigned long));
#line 1 "probe/ELSE_BLK_MODE_T"
SAME(BDEV_OP(ioctl), int (*)(struct block_device *, fmode_t, unsigned int, unsigned long));

/* A class's dev_uevent() takes a const device: 6.3 */
#line 1 "probe/HAVE_CONST_UEVENT"
SAME(MEMBER(struct class, dev_uevent), int (*)(const struct device *, struct kobj_uevent_env *));
#line 1 "probe/ELSE_CONST_UEVENT"
SAME(MEMBER(struct class, dev_uevent), int (*)(struct device *, struct kobj_uevent_env *));

/* blk_mq_freeze_queue() returns what blk_mq_unfreeze_queue() wants: 6.14 */
#line 1 "probe/HAVE_FREEZE_MEMFLAGS"
PROBE void freeze_memflags(struct request_queue *q)
{
	unsigned int flags = blk_mq_freeze_queue(q);

	blk_mq_unfreeze_queue(q, flags);
}
#line 1 "probe/ELSE_FREEZE_MEMFLAGS"
PROBE void freeze_without_memflags(struct request_queue *q)
{
	blk_mq_freeze_queue(q);
	blk_mq_unfreeze_queue(q);
}

/* The end of a request gets the batch that it is part of: 6.19 */
#line 1 "probe/HAVE_END_IO_BATCH"
SAME(MEMBER(struct request, end_io),
     enum rq_end_io_ret (*)(struct request *, blk_status_t, const struct io_comp_batch *));
#line 1 "probe/ELSE_END_IO_BATCH"
SAME(MEMBER(struct request, end_io), enum rq_end_io_ret (*)(struct request *, blk_status_t));

/* dma_need_unmap(): 6.16 */
#line 1 "probe/HAVE_DMA_NEED_UNMAP"
PROBE bool need_unmap(struct device *dev) { return dma_need_unmap(dev); }
#line 1 "probe/ELSE_DMA_NEED_UNMAP"
PROBE void always_unmap(struct device *dev, dma_addr_t at)
{
	dma_unmap_page_attrs(dev, at, 1, DMA_FROM_DEVICE, DMA_ATTR_SKIP_CPU_SYNC);
}

/* getgeo() takes a gendisk: 6.17 */
#line 1 "probe/HAVE_GETGEO_DISK"
SAME(BDEV_OP(getgeo), int (*)(struct gendisk *, struct hd_geometry *));
#line 1 "probe/ELSE_GETGEO_DISK"
SAME(BDEV_OP(getgeo), int (*)(struct block_device *, struct hd_geometry *));

/* BLK_MQ_F_SHOULD_MERGE: until 6.14, which merges unless a flag forbids it */
#line 1 "probe/HAVE_F_SHOULD_MERGE"
PROBE int should_merge(void) { return BLK_MQ_F_SHOULD_MERGE; }
#line 1 "probe/ELSE_F_SHOULD_MERGE"
PROBE bool merges(struct request_queue *q) { return !blk_queue_nomerges(q); }

/* bvec_iter.bi_bvec_done: until 7.3, where it is bi_offset */
#line 1 "probe/HAVE_BI_BVEC_DONE"
PROBE unsigned int bvec_done(struct bvec_iter *iter) { return iter->bi_bvec_done; }
#line 1 "probe/ELSE_BI_BVEC_DONE"
PROBE unsigned int bvec_offset(struct bvec_iter *iter) { return iter->bi_offset; }

/* <linux/io_uring/cmd.h>: 6.8 */
#line 1 "probe/HAVE_URING_CMD_HEADER"
#ifndef _LINUX_IO_URING_CMD_H
#error "there is no such header"
#endif
#line 1 "probe/ELSE_URING_CMD_HEADER"
PROBE struct file *uring_in_old_header(struct io_uring_cmd *cmd) { return cmd->file; }

/* io_uring_sqe_cmd() wants to know the type, io_uring_sqe128_cmd() is for large entries: 7.0 */
#line 1 "probe/HAVE_URING_SQE128"
PROBE const void *uring_payload128(struct io_uring_cmd *cmd)
{
	return io_uring_sqe128_cmd(cmd->sqe, u64);
}
#line 1 "probe/ELSE_URING_SQE128"
PROBE const void *uring_payload_untyped(struct io_uring_cmd *cmd)
{
	return io_uring_sqe_cmd(cmd->sqe);
}
#line 1 "probe/ELSE_URING_SQE128_2"
PROBE const void *uring_payload_without_sqe(struct io_uring_cmd *cmd) { return cmd->cmd; }

/* A command of a ring has its submission entry: 6.6 */
#line 1 "probe/HAVE_URING_SQE"
PROBE const struct io_uring_sqe *uring_sqe(struct io_uring_cmd *cmd) { return cmd->sqe; }
#line 1 "probe/ELSE_URING_SQE"
PROBE const void *uring_payload(struct io_uring_cmd *cmd) { return cmd->cmd; }

/* The second result goes by io_uring_cmd_done32(): 6.18 */
#line 1 "probe/HAVE_URING_DONE32"
PROBE void uring_done32(struct io_uring_cmd *cmd) { io_uring_cmd_done32(cmd, 0, 0, 0); }
#line 1 "probe/ELSE_URING_DONE32"
PROBE void uring_done(struct io_uring_cmd *cmd) { io_uring_cmd_done(cmd, 0, 0, 0); }

/* What a task does at the end of a command gets an io_tw_req: 6.19 */
#line 1 "probe/HAVE_URING_TW_REQ"
PROBE void uring_tw(struct io_uring_cmd *cmd, void (*work)(struct io_tw_req, io_tw_token_t))
{
	io_uring_cmd_complete_in_task(cmd, work);
}
#line 1 "probe/ELSE_URING_TW_REQ"
PROBE void uring_task(struct io_uring_cmd *cmd, void (*work)(struct io_uring_cmd *, unsigned int))
{
	io_uring_cmd_complete_in_task(cmd, work);
}

/* io_uring_cmd_do_in_task_lazy(), which need not wake a task that waits for more: 6.5 */
#line 1 "probe/HAVE_URING_LAZY"
PROBE void *uring_lazy(void) { return io_uring_cmd_do_in_task_lazy; }
#line 1 "probe/ELSE_URING_LAZY"
PROBE void *uring_not_lazy(void) { return io_uring_cmd_complete_in_task; }

/* io_uring_cmd_import_fixed() takes issue_flags: 6.16 */
#line 1 "probe/HAVE_URING_IMPORT_FLAGS"
PROBE int uring_import_flags(struct io_uring_cmd *cmd, struct iov_iter *iter)
{
	return io_uring_cmd_import_fixed(0, 0, 0, iter, cmd, 0);
}
#line 1 "probe/ELSE_URING_IMPORT_FLAGS"
PROBE int uring_import(struct io_uring_cmd *cmd, struct iov_iter *iter)
{
	return io_uring_cmd_import_fixed(0, 0, 0, iter, cmd);
}
