// SPDX-License-Identifier: GPL-2.0
/*
 * What tools and udev read of a controller: the attributes of its node, in
 * upstream's names and formats.  They are there as long as the node is, and the
 * node is as long as the controller: npp_node_remove() waits for who reads.
 */

#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "base/log.h"
#include "base/params.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "sysfs/sysfs.h"

/*
 * Device text has a fixed width, blanks at its end included: so upstream shows it.
 * What a reset reads anew takes its place at once.
 */
static ssize_t npp_show_text(struct device *device, char *buf, size_t offset, int width)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	const char *text = (const char *)&dev->info + offset;
	int length;

	mutex_lock(&dev->info_lock);
	length = sysfs_emit(buf, "%-*s\n", width, text);
	mutex_unlock(&dev->info_lock);
	return length;
}

#define NPP_TEXT_ATTR(name, offset, width) \
static ssize_t name##_show(struct device *device, struct device_attribute *attr, char *buf) \
{ \
	return npp_show_text(device, buf, offset, width); \
} \
static DEVICE_ATTR_RO(name)

NPP_TEXT_ATTR(model, offsetof(struct npp_ctrl_info, model), 40);
NPP_TEXT_ATTR(serial, offsetof(struct npp_ctrl_info, serial), 20);
NPP_TEXT_ATTR(firmware_rev, offsetof(struct npp_ctrl_info, firmware), 8);

#define NPP_NUMBER_ATTR(name, value) \
static ssize_t name##_show(struct device *device, struct device_attribute *attr, char *buf) \
{ \
	const struct npp_dev *dev = dev_get_drvdata(device); \
	\
	return sysfs_emit(buf, "%d\n", value); \
} \
static DEVICE_ATTR_RO(name)

NPP_NUMBER_ATTR(cntlid, READ_ONCE(dev->info.cntlid));
NPP_NUMBER_ATTR(numa_node, dev_to_node(&dev->pdev->dev));
/* The admin queue is counted too, and a reset does not change the number. */
NPP_NUMBER_ATTR(queue_count, 1 + (dev->has_tag_set ? (int)dev->tag_set.nr_hw_queues : 0));
/* Entries of an I/O queue, 0's based. */
NPP_NUMBER_ATTR(sqsize, dev->has_tag_set ? dev->queues[1].depth - 1 : 0);

static ssize_t state_show(struct device *device, struct device_attribute *attr, char *buf)
{
	const struct npp_dev *dev = dev_get_drvdata(device);

	return sysfs_emit(buf, "%s\n", npp_state_upstream_name(npp_ctrl_state(&dev->ctrl)));
}
static DEVICE_ATTR_RO(state);

static ssize_t transport_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "pcie\n");
}
static DEVICE_ATTR_RO(transport);

static ssize_t address_show(struct device *device, struct device_attribute *attr, char *buf)
{
	const struct npp_dev *dev = dev_get_drvdata(device);

	return sysfs_emit(buf, "%s\n", pci_name(dev->pdev));
}
static DEVICE_ATTR_RO(address);

static ssize_t cntrltype_show(struct device *device, struct device_attribute *attr, char *buf)
{
	static const char *const kinds[] = {
		[NPP_CTRL_IO] = "io",
		[NPP_CTRL_DISCOVERY] = "discovery",
		[NPP_CTRL_ADMIN] = "admin",
	};
	const struct npp_dev *dev = dev_get_drvdata(device);
	const unsigned int kind = READ_ONCE(dev->info.kind);

	return sysfs_emit(buf, "%s\n",
			  kind && kind < ARRAY_SIZE(kinds) ? kinds[kind] : "reserved");
}
static DEVICE_ATTR_RO(cntrltype);

/* One that has no name of its own gets the one that upstream makes for it. */
void npp_subsysnqn(struct npp_dev *dev, char text[NPP_NQN_BYTES])
{
	const struct npp_ctrl_info *info = &dev->info;

	mutex_lock(&dev->info_lock);
	if (info->subnqn[0])
		strscpy(text, info->subnqn, NPP_NQN_BYTES);
	else
		scnprintf(text, NPP_NQN_BYTES,
			  "nqn.2014.08.org.nvmexpress:%04x%04x%-20s%-40s", info->vendor,
			  info->subsystem_vendor, info->serial, info->model);
	mutex_unlock(&dev->info_lock);
}

static ssize_t subsysnqn_show(struct device *device, struct device_attribute *attr, char *buf)
{
	char nqn[NPP_NQN_BYTES];

	npp_subsysnqn(dev_get_drvdata(device), nqn);
	return sysfs_emit(buf, "%s\n", nqn);
}
static DEVICE_ATTR_RO(subsysnqn);

/* What is written to an attribute that does something. */
static int npp_check_one(const struct npp_dev *dev, const struct device_attribute *attr,
			 const char *buf)
{
	unsigned int value;

	if (!kstrtouint(buf, 0, &value) && value == 1)
		return 0;
	npp_warn_limited(dev, "%s=%.*s: accepted is 1\n", attr->attr.name,
			 (int)min(strcspn(buf, "\n"), 20ul), buf);
	return -EINVAL;
}

static ssize_t reset_controller_store(struct device *device, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	int err = npp_check_one(dev, attr, buf);

	if (!err)
		err = npp_user_reset(dev);
	return err ?: count;
}
static DEVICE_ATTR_WO(reset_controller);

static ssize_t rescan_controller_store(struct device *device, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	int err = npp_check_one(dev, attr, buf);

	if (!err)
		err = npp_rescan(dev);
	return err ?: count;
}
static DEVICE_ATTR_WO(rescan_controller);

/* Upstream's formats, those of NVMe over Fabrics. */
static ssize_t npp_show_tmo(int tmo, char *buf)
{
	return tmo == NPP_TMO_OFF ? sysfs_emit(buf, "off\n") : sysfs_emit(buf, "%d\n", tmo);
}

static ssize_t npp_store_tmo(struct device *device, const struct device_attribute *attr,
			     int *tmo, const char *buf, size_t count)
{
	struct npp_dev *dev = dev_get_drvdata(device);
	int value, err;

	err = npp_parse_tmo(attr->attr.name, buf, &value);
	if (err)
		return err;
	WRITE_ONCE(*tmo, value);
	npp_limits_changed(dev);
	return count;
}

#define NPP_TMO_ATTR(name) \
static ssize_t name##_show(struct device *device, struct device_attribute *attr, char *buf) \
{ \
	const struct npp_dev *dev = dev_get_drvdata(device); \
	\
	return npp_show_tmo(READ_ONCE(dev->name), buf); \
} \
static ssize_t name##_store(struct device *device, struct device_attribute *attr, \
			    const char *buf, size_t count) \
{ \
	struct npp_dev *dev = dev_get_drvdata(device); \
	\
	return npp_store_tmo(device, attr, &dev->name, buf, count); \
} \
static DEVICE_ATTR_RW(name)

NPP_TMO_ATTR(ctrl_loss_tmo);
NPP_TMO_ATTR(fast_io_fail_tmo);

static struct attribute *npp_ctrl_attrs[] = {
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_cntlid.attr,
	&dev_attr_numa_node.attr,
	&dev_attr_queue_count.attr,
	&dev_attr_sqsize.attr,
	&dev_attr_state.attr,
	&dev_attr_transport.attr,
	&dev_attr_address.attr,
	&dev_attr_cntrltype.attr,
	&dev_attr_subsysnqn.attr,
	&dev_attr_ctrl_loss_tmo.attr,
	&dev_attr_fast_io_fail_tmo.attr,
	&dev_attr_reset_controller.attr,
	&dev_attr_rescan_controller.attr,
	NULL
};

static const struct attribute_group npp_ctrl_group = {
	.attrs = npp_ctrl_attrs,
};

const struct attribute_group *npp_ctrl_attr_groups[] = {
	&npp_ctrl_group,
	NULL
};
