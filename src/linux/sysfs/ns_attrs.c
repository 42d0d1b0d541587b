// SPDX-License-Identifier: GPL-2.0
/*
 * What tools and udev read of a namespace: attributes of its disk, in upstream's
 * names and formats.  del_gendisk() waits for who reads, so that the controller
 * is there meanwhile.
 */

#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "block/block.h"
#include "sysfs/groups.h"

static struct npp_ns *npp_ns_of(struct device *device)
{
	return dev_to_disk(device)->private_data;
}

/* One without an identifier is named by its controller and its number there. */
static int npp_show_wwid_by_model(struct npp_ns *ns, char *buf)
{
	struct npp_dev *dev = ns->dev;
	const struct npp_ctrl_info *info = &dev->info;
	int length;

	mutex_lock(&dev->info_lock);
	length = sysfs_emit(buf, "nvme.%04x-%*phN-%*phN-%08x\n", info->vendor, info->serial_bytes,
			    info->raw_serial, info->model_bytes, info->raw_model, ns->info.nsid);
	mutex_unlock(&dev->info_lock);
	return length;
}

static ssize_t wwid_show(struct device *device, struct device_attribute *attr, char *buf)
{
	struct npp_ns *ns = npp_ns_of(device);
	const struct npp_ns_ids *ids = &ns->info.ids;

	switch (npp_ns_best_id(ids)) {
	case NPP_ID_UUID:
		return sysfs_emit(buf, "uuid.%pU\n", ids->uuid);
	case NPP_ID_NGUID:
		return sysfs_emit(buf, "eui.%16phN\n", ids->nguid);
	case NPP_ID_EUI64:
		return sysfs_emit(buf, "eui.%8phN\n", ids->eui64);
	default:
		return npp_show_wwid_by_model(ns, buf);
	}
}
static DEVICE_ATTR_RO(wwid);

static bool npp_has_id(const u8 *id, size_t bytes)
{
	return memchr_inv(id, 0, bytes);
}

static bool npp_has_uuid(const struct npp_ns *ns)
{
	return npp_has_id(ns->info.ids.uuid, sizeof(ns->info.ids.uuid));
}

static bool npp_has_nguid(const struct npp_ns *ns)
{
	return npp_has_id(ns->info.ids.nguid, sizeof(ns->info.ids.nguid));
}

/* Old programs find the NGUID here, when there is no UUID: upstream keeps it so. */
static ssize_t uuid_show(struct device *device, struct device_attribute *attr, char *buf)
{
	const struct npp_ns *ns = npp_ns_of(device);

	return sysfs_emit(buf, "%pU\n",
			  npp_has_uuid(ns) ? ns->info.ids.uuid : ns->info.ids.nguid);
}
static DEVICE_ATTR_RO(uuid);

static ssize_t nguid_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pU\n", npp_ns_of(device)->info.ids.nguid);
}
static DEVICE_ATTR_RO(nguid);

static ssize_t eui_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%8ph\n", npp_ns_of(device)->info.ids.eui64);
}
static DEVICE_ATTR_RO(eui);

static ssize_t nsid_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", npp_ns_of(device)->info.nsid);
}
static DEVICE_ATTR_RO(nsid);

static ssize_t csi_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", npp_ns_of(device)->info.command_set);
}
static DEVICE_ATTR_RO(csi);

static ssize_t metadata_bytes_show(struct device *device, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", npp_ns_of(device)->info.metadata_bytes);
}
static DEVICE_ATTR_RO(metadata_bytes);

/*
 * Blocks in use change all the time: asked anew, once in five seconds at most, as
 * upstream does.  A controller that cannot answer now has said so before.
 */
static ssize_t nuse_show(struct device *device, struct device_attribute *attr, char *buf)
{
	struct npp_ns *ns = npp_ns_of(device);

	if (npp_ctrl_state(&ns->dev->ctrl) == NPP_LIVE && __ratelimit(&ns->use_limit))
		npp_ns_read_use(ns);
	return sysfs_emit(buf, "%llu\n", READ_ONCE(ns->info.blocks_used));
}
static DEVICE_ATTR_RO(nuse);

static struct attribute *npp_ns_attrs[] = {
	&dev_attr_wwid.attr,
	&dev_attr_uuid.attr,
	&dev_attr_nguid.attr,
	&dev_attr_eui.attr,
	&dev_attr_nsid.attr,
	&dev_attr_csi.attr,
	&dev_attr_metadata_bytes.attr,
	&dev_attr_nuse.attr,
	NULL
};

/* Identifiers that the namespace has not got are not shown. */
static umode_t npp_ns_attr_is_visible(struct kobject *kobj, struct attribute *attr, int index)
{
	const struct npp_ns *ns = npp_ns_of(kobj_to_dev(kobj));
	const struct npp_ns_ids *ids = &ns->info.ids;
	bool there = true;

	if (attr == &dev_attr_uuid.attr)
		there = npp_has_uuid(ns) || npp_has_nguid(ns);
	else if (attr == &dev_attr_nguid.attr)
		there = npp_has_nguid(ns);
	else if (attr == &dev_attr_eui.attr)
		there = npp_has_id(ids->eui64, sizeof(ids->eui64));
	return there ? attr->mode : 0;
}

static const struct attribute_group npp_ns_group = {
	.attrs = npp_ns_attrs,
	.is_visible = npp_ns_attr_is_visible,
};

const struct attribute_group *npp_ns_attr_groups[] = {
	&npp_ns_group,
	NULL
};
