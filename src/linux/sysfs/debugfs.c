// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/nvmepp/nvme<N>/: queues, stalls and controller show counters,
 * vectors and registers what the device has; identify and reset do what their names
 * say when written to.  The formats are read by the tests: one header line and one
 * line a queue; "key value" lines.
 */

#include <linux/debugfs.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/seq_file.h>

#include "base/request.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "queue/queue.h"
#include "recovery/recovery.h"
#include "sysfs/sysfs.h"

static struct dentry *npp_debugfs_root;

static const char *npp_mode_text(const struct npp_hwq *q)
{
	if (npp_is_poll_queue(q))
		return "poll";
	return READ_ONCE(q->fallback_poll) ? "fallback-poll" : "interrupt";
}

static void npp_show_queue(struct seq_file *m, const struct npp_hwq *q)
{
	struct npp_queue_counts counts;
	int loss;

	npp_queue_read_counts(&q->core, &counts);
	if (q->qid)
		seq_printf(m, "%u", q->qid);
	else
		seq_puts(m, "admin");
	if (npp_is_poll_queue(q))
		seq_puts(m, " - -");
	else
		seq_printf(m, " %u %d", q->vector, npp_irq_is_usable(q) ? q->irq : -1);
	seq_printf(m, " %llu %llu %llu %llu %llu %llu %llu %llu", counts.submitted,
		   counts.completed, READ_ONCE(q->cancelled), READ_ONCE(q->interrupts),
		   READ_ONCE(q->spurious), READ_ONCE(q->irqdisable_polls),
		   READ_ONCE(q->lost_irq_completions), counts.bad);
	for (loss = 0; loss < NPP_LOSSES; loss++)
		seq_printf(m, " %llu", READ_ONCE(q->lost_by_kind[loss]));
	seq_printf(m, " %llu %llu %llu %s %llu %llu %ld\n", READ_ONCE(q->late),
		   READ_ONCE(q->vector_restores), READ_ONCE(q->polled), npp_mode_text(q),
		   READ_ONCE(q->max_stall_ms), READ_ONCE(q->rung_again),
		   atomic_long_read(&q->lost_doorbells));
}

static int queues_show(struct seq_file *m, void *unused)
{
	const struct npp_dev *dev = m->private;
	unsigned int qid;
	int loss;

	seq_puts(m, "queue vector irq submitted completed cancelled interrupts spurious irqdisable_polls lost bad");
	for (loss = 0; loss < NPP_LOSSES; loss++)
		seq_printf(m, " %s", npp_loss_name(loss));
	seq_puts(m, " late vector_restores polled mode max_stall_ms rung_again lost_doorbells\n");
	for (qid = 0; qid <= READ_ONCE(dev->allocated_queues); qid++)
		npp_show_queue(m, &dev->queues[qid]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

/* A column is named by the first millisecond of its bucket. */
static int stalls_show(struct seq_file *m, void *unused)
{
	const struct npp_dev *dev = m->private;
	unsigned int qid, n;

	seq_puts(m, "queue 0");
	for (n = 1; n < NPP_STALL_BUCKETS; n++)
		seq_printf(m, " %u", 1u << (n - 1));
	seq_puts(m, "\n");
	for (qid = 1; qid <= READ_ONCE(dev->allocated_queues); qid++) {
		seq_printf(m, "%u", qid);
		for (n = 0; n < NPP_STALL_BUCKETS; n++)
			seq_printf(m, " %llu", READ_ONCE(dev->queues[qid].stalls[n]));
		seq_puts(m, "\n");
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stalls);

static void npp_show_vector(struct seq_file *m, struct npp_hwq *q)
{
	mutex_lock(&q->irq_lock);
	if (npp_irq_is_usable(q))
		npp_show_vector_locked(m, q);
	else
		seq_puts(m, " - - - - -\n");
	mutex_unlock(&q->irq_lock);
}

static int vectors_show(struct seq_file *m, void *unused)
{
	struct npp_dev *dev = m->private;
	unsigned int qid;

	seq_puts(m, "queue vector address data control pending as_written\n");
	for (qid = 0; qid <= READ_ONCE(dev->allocated_queues); qid++) {
		struct npp_hwq *q = &dev->queues[qid];

		if (npp_is_poll_queue(q))
			continue;
		seq_printf(m, "%u %u", qid, q->vector);
		npp_show_vector(m, q);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vectors);

/* Base 2.0, 3.1.3; all-ones where the device is absent or asleep. */
static int registers_show(struct seq_file *m, void *unused)
{
	const struct npp_dev *dev = m->private;

	seq_printf(m, "cap %#018llx\n", lo_hi_readq(dev->bar));
	seq_printf(m, "vs %#010x\n", readl(dev->bar + 0x8));
	seq_printf(m, "intms %#010x\n", readl(dev->bar + 0xc));
	seq_printf(m, "cc %#010x\n", readl(dev->bar + 0x14));
	seq_printf(m, "csts %#010x\n", readl(dev->bar + 0x1c));
	seq_printf(m, "aqa %#010x\n", readl(dev->bar + 0x24));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

static int controller_show(struct seq_file *m, void *unused)
{
	const struct npp_dev *dev = m->private;

	seq_printf(m, "state %s\n", npp_state_name(npp_ctrl_state(&dev->ctrl)));
	seq_printf(m, "resets %llu\n", READ_ONCE(dev->resets));
	seq_printf(m, "reset_failures %llu\n", READ_ONCE(dev->reset_failures));
	seq_printf(m, "pauses %llu\n", READ_ONCE(dev->pauses));
	seq_printf(m, "lost_irq_resets %llu\n", READ_ONCE(dev->lost_irq_resets));
	seq_printf(m, "events %llu\n", READ_ONCE(dev->events));
	seq_printf(m, "vector_tests_unanswered %u\n", npp_vector_tests_unanswered(dev));
	seq_printf(m, "io_queues %u\n", READ_ONCE(dev->io_queues));
	seq_printf(m, "poll_queues %u\n", READ_ONCE(dev->poll_queues));
	seq_printf(m, "interrupts %s\n", npp_irq_type(dev));
	seq_printf(m, "shadow_doorbells %d\n", READ_ONCE(dev->shadow_used));
	seq_printf(m, "namespaces %u\n", READ_ONCE(dev->nr_namespaces));
	if (READ_ONCE(dev->allocated_queues)) {
		seq_printf(m, "tag_bytes %u\n", NPP_TAG_BYTES);
		seq_printf(m, "queue_bytes %u\n", npp_queue_bytes(&dev->queues[1]));
	}
	seq_printf(m, "table_bytes %ld\n", atomic_long_read(&dev->table_bytes));
	seq_printf(m, "table_allocations %ld\n", atomic_long_read(&dev->table_allocations));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(controller);

/* As a user's command, it waits for a reset that is running. */
static int npp_set_identify(void *data, u64 value)
{
	if (value != 1)
		return -EINVAL;
	npp_wait_settled(data);
	return npp_admin_identify(data);
}
DEFINE_DEBUGFS_ATTRIBUTE(npp_identify_fops, NULL, npp_set_identify, "%llu\n");

static int npp_set_reset(void *data, u64 value)
{
	return value == 1 ? npp_user_reset(data) : -EINVAL;
}
DEFINE_DEBUGFS_ATTRIBUTE(npp_reset_fops, NULL, npp_set_reset, "%llu\n");

void npp_debugfs_add(struct npp_dev *dev)
{
	dev->debugfs = debugfs_create_dir(dev->name, npp_debugfs_root);
	debugfs_create_file("queues", 0444, dev->debugfs, dev, &queues_fops);
	debugfs_create_file("stalls", 0444, dev->debugfs, dev, &stalls_fops);
	debugfs_create_file("controller", 0444, dev->debugfs, dev, &controller_fops);
	/* Register reads are for those who debug, not for monitors. */
	debugfs_create_file("vectors", 0400, dev->debugfs, dev, &vectors_fops);
	debugfs_create_file("registers", 0400, dev->debugfs, dev, &registers_fops);
	debugfs_create_file_unsafe("identify", 0200, dev->debugfs, dev, &npp_identify_fops);
	debugfs_create_file_unsafe("reset", 0200, dev->debugfs, dev, &npp_reset_fops);
}

/* Returns when no reader is in one of the files any more. */
void npp_debugfs_remove(struct npp_dev *dev)
{
	debugfs_remove(dev->debugfs);
	dev->debugfs = NULL;
}

void npp_debugfs_init(void)
{
	npp_debugfs_root = debugfs_create_dir("nvmepp", NULL);
}

void npp_debugfs_exit(void)
{
	debugfs_remove(npp_debugfs_root);
}
