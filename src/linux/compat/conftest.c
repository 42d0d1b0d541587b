/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Feature probes: every "#line 1 "probe/NAME"" block is compiled, all in one
 * compiler run; NAME is defined in conftest.h when its block drew no diagnostic.
 */
#include <linux/module.h>
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#if __has_include(<linux/genhd.h>)
#include <linux/genhd.h>
#endif
#if __has_include(<linux/blk-mq-dma.h>)
#include <linux/blk-mq-dma.h>
#endif
#if __has_include(<linux/blk-mq-pci.h>)
#include <linux/blk-mq-pci.h>
#endif
#if __has_include(<linux/blk-integrity.h>)
#include <linux/blk-integrity.h>
#endif
#include <linux/pci.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/timer.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/cdev.h>
#define SAME(a, b) _Static_assert(__builtin_types_compatible_p(a, b), "")
#define OPS(m) typeof(((struct blk_mq_ops *)0)->m)
#define BDO(m) typeof(((struct block_device_operations *)0)->m)
#define P static __attribute__((unused))

#line 1 "probe/CONFTEST_MUST_PASS"
P int t0(struct request *r) { return r->tag; }
#line 1 "probe/CONFTEST_MUST_FAIL"
P int t1(struct request *r) { return no_such_function_at_all(r); }
#line 1 "probe/HAVE_BLK_MQ_ALLOC_DISK"
P void p1(void) { (void)__blk_mq_alloc_disk; }
#line 1 "probe/HAVE_BLK_MQ_ALLOC_DISK_LIM"
P void p2(struct blk_mq_tag_set *s, struct queue_limits *l) { (void)blk_mq_alloc_disk(s, l, NULL); }
#line 1 "probe/HAVE_BLK_CLEANUP_DISK"
P void p3(struct gendisk *d) { blk_cleanup_disk(d); }
#line 1 "probe/HAVE_BLK_CLEANUP_QUEUE"
P void p4(struct request_queue *q) { blk_cleanup_queue(q); }
#line 1 "probe/HAVE_ADD_DISK_INT"
P int p5(struct gendisk *d) { return add_disk(d); }
#line 1 "probe/HAVE_TIMEOUT_RESERVED"
SAME(OPS(timeout), enum blk_eh_timer_return (*)(struct request *, bool));
#line 1 "probe/HAVE_MAP_QUEUES_INT"
SAME(OPS(map_queues), int (*)(struct blk_mq_tag_set *));
#line 1 "probe/HAVE_POLL_BATCH"
SAME(OPS(poll), int (*)(struct blk_mq_hw_ctx *, struct io_comp_batch *));
#line 1 "probe/HAVE_QUEUE_RQS"
P void p6(void) { (void)sizeof(OPS(queue_rqs)); }
#line 1 "probe/HAVE_RQ_LIST"
SAME(OPS(queue_rqs), void (*)(struct rq_list *));
#line 1 "probe/HAVE_INIT_REQUEST_INT_NODE"
SAME(OPS(init_request), int (*)(struct blk_mq_tag_set *, struct request *, unsigned int, int));
#line 1 "probe/HAVE_BLK_MQ_F_SHOULD_MERGE"
P int p7(void) { return BLK_MQ_F_SHOULD_MERGE; }
#line 1 "probe/HAVE_BLK_MQ_F_BLOCKING"
P int p8(void) { return BLK_MQ_F_BLOCKING; }
#line 1 "probe/HAVE_BLK_MQ_PCI_MAP_QUEUES"
P void p9(struct blk_mq_queue_map *m, struct pci_dev *d) { (void)blk_mq_pci_map_queues(m, d, 0); }
#line 1 "probe/HAVE_BLK_MQ_MAP_HW_QUEUES"
P void p10(struct blk_mq_queue_map *m, struct device *d) { blk_mq_map_hw_queues(m, d, 0); }
#line 1 "probe/HAVE_BLK_MQ_DMA_ITER"
P bool p11(struct request *r, struct device *d, struct dma_iova_state *s, struct blk_dma_iter *i) { return blk_rq_dma_map_iter_start(r, d, s, i); }
#line 1 "probe/HAVE_BLK_RQ_MAP_SG_NOQ"
P int p12(struct request *r, struct scatterlist *s) { return blk_rq_map_sg(r, s); }
#line 1 "probe/HAVE_END_REQUEST_BATCH"
P void p13(struct io_comp_batch *b) { blk_mq_end_request_batch(b); }
#line 1 "probe/HAVE_ADD_TO_BATCH_BOOL"
SAME(typeof(&blk_mq_add_to_batch), bool (*)(struct request *, struct io_comp_batch *, bool, void (*)(struct io_comp_batch *)));
#line 1 "probe/HAVE_OPEN_GENDISK"
SAME(BDO(open), int (*)(struct gendisk *, blk_mode_t));
#line 1 "probe/HAVE_IOCTL_BLK_MODE"
SAME(BDO(ioctl), int (*)(struct block_device *, blk_mode_t, unsigned, unsigned long));
#line 1 "probe/HAVE_GETGEO_GENDISK"
SAME(BDO(getgeo), int (*)(struct gendisk *, struct hd_geometry *));
#line 1 "probe/HAVE_CLASS_CREATE_1ARG"
P struct class *p15(void) { return class_create("x"); }
#line 1 "probe/HAVE_HRTIMER_SETUP"
P void p16(struct hrtimer *t, enum hrtimer_restart (*f)(struct hrtimer *)) { hrtimer_setup(t, f, CLOCK_MONOTONIC, HRTIMER_MODE_REL); }
#line 1 "probe/HAVE_TIMER_DELETE_SYNC"
P void p17(struct timer_list *t) { timer_delete_sync(t); }
#line 1 "probe/HAVE_DEL_TIMER_SYNC"
P void p18(struct timer_list *t) { del_timer_sync(t); }
#line 1 "probe/HAVE_TIMER_CONTAINER_OF"
P void *p19(struct timer_list *tt) { struct w { struct timer_list t; } *x = timer_container_of(x, tt, t); return x; }
#line 1 "probe/HAVE_QUEUE_LIMITS_FEATURES"
P int p20(struct queue_limits *l) { return l->features & BLK_FEAT_WRITE_CACHE; }
#line 1 "probe/HAVE_QUEUE_LIMITS_COMMIT_UPDATE_FROZEN"
P int p21(struct request_queue *q, struct queue_limits *l) { return queue_limits_commit_update_frozen(q, l); }
#line 1 "probe/HAVE_FREEZE_MEMFLAGS"
P unsigned int p22(struct request_queue *q) { return blk_mq_freeze_queue(q); }
#line 1 "probe/HAVE_BLK_MQ_DESTROY_QUEUE"
P void p23(struct request_queue *q) { blk_mq_destroy_queue(q); }
#line 1 "probe/HAVE_QUIESCE_TAGSET"
P void p24(struct blk_mq_tag_set *s) { blk_mq_quiesce_tagset(s); }
#line 1 "probe/HAVE_RQ_END_IO_RET"
SAME(rq_end_io_fn, enum rq_end_io_ret (struct request *, blk_status_t));
#line 1 "probe/HAVE_RQ_END_IO_RET_BATCH"
SAME(rq_end_io_fn, enum rq_end_io_ret (struct request *, blk_status_t, const struct io_comp_batch *));
#line 1 "probe/HAVE_EXECUTE_RQ_STATUS"
P blk_status_t p25(struct request *r) { return blk_execute_rq(r, true); }
#line 1 "probe/HAVE_BLK_MQ_ALLOC_REQUEST_OPF"
SAME(typeof(&blk_mq_alloc_request), struct request *(*)(struct request_queue *, blk_opf_t, blk_mq_req_flags_t));
#line 1 "probe/HAVE_PCI_ERR_MOVE"
P int p26(struct pci_dev *d) { return pcim_request_all_regions(d, "x"); }
#line 1 "probe/HAVE_PCI_IRQ_INTX"
P int p27(void) { return PCI_IRQ_INTX; }
#line 1 "probe/HAVE_PCI_IRQ_LEGACY"
P int p28(void) { return PCI_IRQ_LEGACY; }
#line 1 "probe/HAVE_PCI_ENABLE_AER"
#include <linux/aer.h>
P int p29(struct pci_dev *d) { return pci_enable_pcie_error_reporting(d); }
#line 1 "probe/HAVE_BLK_QUEUE_LOGICAL_BLOCK_SIZE"
P void p30(struct request_queue *q) { blk_queue_logical_block_size(q, 512); }
#line 1 "probe/HAVE_BUS_MATCH_CONST"
SAME(typeof(((struct bus_type *)0)->match), int (*)(struct device *, const struct device_driver *));
#line 1 "probe/HAVE_CLASS_DEVNODE_CONST"
SAME(typeof(((struct class *)0)->devnode), char *(*)(const struct device *, umode_t *));
#line 1 "probe/HAVE_RQ_INTEGRITY_SG_NOQ"
P int p31(struct request *r, struct scatterlist *s) { return blk_rq_map_integrity_sg(r, s); }
#line 1 "probe/HAVE_RQF_IO_STAT_DISK"
P void *p32(struct request *r) { return r->rq_disk; }
#line 1 "probe/HAVE_SUBMIT_BIO_BDEV_DISK"
P void *p33(struct request *r) { return r->q->disk; }
#line 1 "probe/HAVE_TAG_SET_RWSEM"
P void p34(struct blk_mq_tag_set *s) { (void)s->update_nr_hwq_lock; }
#line 1 "probe/HAVE_BLK_ALLOC_QUEUE_TAGSET_OPS"
P struct request_queue *p35(struct blk_mq_tag_set *s, struct queue_limits *l) { return blk_mq_alloc_queue(s, l, NULL); }
#line 1 "probe/HAVE_DEVICE_ADD_DISK_INT"
P int p36(struct gendisk *d) { return device_add_disk(NULL, d, NULL); }
