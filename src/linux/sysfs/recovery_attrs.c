// SPDX-License-Identifier: GPL-2.0
/* /sys/bus/pci/devices/<address>/nvmepp/: totals, and the cap of the escalation. */

#include <linux/device.h>
#include <linux/sysfs.h>

#include "base/log.h"
#include "base/params.h"
#include "recovery/recovery.h"
#include "sysfs/sysfs.h"

static ssize_t lost_irq_action_show(struct device *device, struct device_attribute *attr, char *buf)
{
	const struct npp_dev *dev = dev_get_drvdata(device);

	return sysfs_emit(buf, "%s\n", npp_irq_action_name(READ_ONCE(dev->irq_cap)));
}

static ssize_t lost_irq_action_store(struct device *device, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	enum npp_irq_cap cap;
	int err = npp_parse_irq_action(buf, &cap);

	if (err)
		return err;
	WRITE_ONCE(dev->irq_cap, cap);
	npp_watchdog_kick(dev);
	return count;
}
static DEVICE_ATTR_RW(lost_irq_action);

static ssize_t state_show(struct device *device, struct device_attribute *attr, char *buf)
{
	const struct npp_dev *dev = dev_get_drvdata(device);

	return sysfs_emit(buf, "%s\n", npp_state_name(npp_ctrl_state(&dev->ctrl)));
}
static DEVICE_ATTR_RO(state);

/* A counter's total over all queues, the admin queue's included. */
static ssize_t npp_show_total(struct device *device, size_t offset, char *buf)
{
	const struct npp_dev *dev = dev_get_drvdata(device);
	unsigned int qid;
	u64 sum = 0;

	for (qid = 0; qid <= READ_ONCE(dev->allocated_queues); qid++)
		sum += READ_ONCE(*(u64 *)((void *)&dev->queues[qid] + offset));
	return sysfs_emit(buf, "%llu\n", sum);
}

static ssize_t npp_show_counter(struct device *device, size_t offset, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(*(u64 *)(dev_get_drvdata(device) + offset)));
}

#define NPP_COUNTER(name, show, offset) \
static ssize_t name##_show(struct device *device, struct device_attribute *attr, char *buf) \
{ \
	return show(device, offset, buf); \
} \
static DEVICE_ATTR_RO(name)

NPP_COUNTER(lost_irq_completions, npp_show_total, offsetof(struct npp_hwq, lost_irq_completions));
NPP_COUNTER(irqdisable_polls, npp_show_total, offsetof(struct npp_hwq, irqdisable_polls));
NPP_COUNTER(vector_restores, npp_show_total, offsetof(struct npp_hwq, vector_restores));
NPP_COUNTER(polled, npp_show_total, offsetof(struct npp_hwq, polled));
NPP_COUNTER(resets, npp_show_counter, offsetof(struct npp_dev, resets));
NPP_COUNTER(reset_failures, npp_show_counter, offsetof(struct npp_dev, reset_failures));
NPP_COUNTER(lost_irq_resets, npp_show_counter, offsetof(struct npp_dev, lost_irq_resets));

static struct attribute *npp_attrs[] = {
	&dev_attr_lost_irq_action.attr,
	&dev_attr_state.attr,
	&dev_attr_lost_irq_completions.attr,
	&dev_attr_irqdisable_polls.attr,
	&dev_attr_vector_restores.attr,
	&dev_attr_polled.attr,
	&dev_attr_resets.attr,
	&dev_attr_reset_failures.attr,
	&dev_attr_lost_irq_resets.attr,
	NULL
};

static const struct attribute_group npp_group = {
	.name = "nvmepp",
	.attrs = npp_attrs,
};

/*
 * Not the driver's dev_groups: where memory is short, the driver core (6.1, 6.12)
 * removes groups that it could not add, with a WARN.  A disk without attributes is
 * better than none.
 * Context: probe, before the device is announced as bound.
 */
void npp_sysfs_add(struct npp_dev *dev)
{
	const int err = sysfs_create_group(&dev->pdev->dev.kobj, &npp_group);

	dev->in_sysfs = !err;
	if (err)
		npp_warn(dev, "no attributes in sysfs (%d)\n", err);
}

/* Waits for those who read.  Context: remove. */
void npp_sysfs_remove(struct npp_dev *dev)
{
	if (dev->in_sysfs)
		sysfs_remove_group(&dev->pdev->dev.kobj, &npp_group);
}
