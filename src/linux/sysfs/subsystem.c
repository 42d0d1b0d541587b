// SPDX-License-Identifier: GPL-2.0
/*
 * NVM subsystems: the controllers that give the same NQN, as upstream groups them.
 * A device without a driver or a parent, with a link to each of its controllers:
 * `nvme list' begins there.  It is there as long as one of them is.
 */

#include <linux/device.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "base/log.h"
#include "base/params.h"
#include "sysfs/sysfs.h"

struct npp_subsystem {
	struct device device;
	struct list_head entry;		/* npp_subsystems_lock, and so is the next */
	unsigned int controllers;
	int instance;
	u8 kind;			/* this and the texts: its first controller's */
	char nqn[NPP_NQN_BYTES];
	char model[40 + 1];
	char serial[20 + 1];
	char firmware[8 + 1];
	struct mutex first_lock;	/* the first controller, as long as it is there */
	struct npp_dev *first;		/* a reset may have given it another firmware */
};

static DEFINE_MUTEX(npp_subsystems_lock);
static LIST_HEAD(npp_subsystems);
static DEFINE_IDA(npp_subsystem_ids);

static struct npp_subsystem *npp_subsystem_of(struct device *device)
{
	return container_of(device, struct npp_subsystem, device);
}

#define NPP_SUBSYSTEM_ATTR(name, format, ...) \
static ssize_t name##_show(struct device *device, struct device_attribute *attr, char *buf) \
{ \
	const struct npp_subsystem *s = npp_subsystem_of(device); \
	\
	return sysfs_emit(buf, format "\n", __VA_ARGS__); \
} \
static DEVICE_ATTR_RO(name)

NPP_SUBSYSTEM_ATTR(subsysnqn, "%s", s->nqn);
NPP_SUBSYSTEM_ATTR(subsystype, "%s", s->kind == NPP_CTRL_DISCOVERY ? "discovery" : "nvm");
/* Blanks at the end included: so upstream shows them. */
NPP_SUBSYSTEM_ATTR(model, "%-40s", s->model);
NPP_SUBSYSTEM_ATTR(serial, "%-20s", s->serial);

/* Context: s->first_lock held. */
static void npp_subsystem_refresh(struct npp_subsystem *s)
{
	if (!s->first)
		return;
	mutex_lock(&s->first->info_lock);
	strscpy(s->firmware, s->first->info.firmware, sizeof(s->firmware));
	mutex_unlock(&s->first->info_lock);
}

static ssize_t firmware_rev_show(struct device *device, struct device_attribute *attr, char *buf)
{
	struct npp_subsystem *s = npp_subsystem_of(device);
	int length;

	mutex_lock(&s->first_lock);
	npp_subsystem_refresh(s);
	length = sysfs_emit(buf, "%-8s\n", s->firmware);
	mutex_unlock(&s->first_lock);
	return length;
}
static DEVICE_ATTR_RO(firmware_rev);

static struct attribute *npp_subsystem_attrs[] = {
	&dev_attr_subsysnqn.attr,
	&dev_attr_subsystype.attr,
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	NULL
};
ATTRIBUTE_GROUPS(npp_subsystem);

static void npp_subsystem_release(struct device *device)
{
	struct npp_subsystem *s = npp_subsystem_of(device);

	ida_free(&npp_subsystem_ids, s->instance);
	kfree(s);
}

/* What names it, and what it shows, come from the first of its controllers. */
static void npp_subsystem_describe(struct npp_subsystem *s, struct npp_dev *dev, const char *nqn)
{
	strscpy(s->nqn, nqn, sizeof(s->nqn));
	mutex_lock(&dev->info_lock);
	s->kind = dev->info.kind;
	strscpy(s->model, dev->info.model, sizeof(s->model));
	strscpy(s->serial, dev->info.serial, sizeof(s->serial));
	strscpy(s->firmware, dev->info.firmware, sizeof(s->firmware));
	mutex_unlock(&dev->info_lock);
}

/* Context: npp_subsystems_lock held. */
static struct npp_subsystem *npp_subsystem_add(struct npp_dev *dev, const char *nqn)
{
	struct npp_subsystem *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	if (!s)
		return ERR_PTR(-ENOMEM);
	s->instance = npp_number_alloc(&npp_subsystem_ids);
	if (s->instance < 0) {
		err = s->instance;
		kfree(s);
		return ERR_PTR(err);
	}
	mutex_init(&s->first_lock);
	s->first = dev;
	npp_subsystem_describe(s, dev, nqn);
	device_initialize(&s->device);
	s->device.class = &npp_subsystem_class;
	s->device.groups = npp_subsystem_groups;
	s->device.release = npp_subsystem_release;
	err = dev_set_name(&s->device, "nvme-subsys%d", s->instance);
	if (!err)
		err = device_add(&s->device);
	if (err) {
		put_device(&s->device);
		return ERR_PTR(err);
	}
	list_add_tail(&s->entry, &npp_subsystems);
	return s;
}

/* Context: npp_subsystems_lock held. */
static void npp_subsystem_drop_unused(struct npp_subsystem *s)
{
	if (s->controllers)
		return;
	list_del(&s->entry);
	device_unregister(&s->device);
}

/* Context: npp_subsystems_lock held. */
static struct npp_subsystem *npp_subsystem_find(struct npp_dev *dev, const char *nqn)
{
	struct npp_subsystem *s;

	list_for_each_entry(s, &npp_subsystems, entry) {
		if (!strcmp(s->nqn, nqn))
			return s;
	}
	return npp_subsystem_add(dev, nqn);
}

static int npp_subsystem_link(struct npp_subsystem *s, struct npp_dev *dev)
{
	int err = sysfs_create_link(&s->device.kobj, &dev->node->device.kobj, dev->name);

	if (err) {
		npp_subsystem_drop_unused(s);
		return err;
	}
	s->controllers++;
	dev->subsystem = s;
	return 0;
}

/*
 * @dev, which has its node, becomes one of its subsystem's controllers.  Without
 * memory for that it serves all the same.  Context: probe.
 */
void npp_subsystem_join(struct npp_dev *dev)
{
	char nqn[NPP_NQN_BYTES];
	struct npp_subsystem *s;
	int err;

	npp_subsysnqn(dev, nqn);
	mutex_lock(&npp_subsystems_lock);
	s = npp_subsystem_find(dev, nqn);
	err = PTR_ERR_OR_ZERO(s) ?: npp_subsystem_link(s, dev);
	mutex_unlock(&npp_subsystems_lock);
	if (err)
		npp_warn(dev, "not added to a subsystem in sysfs (%d)\n", err);
}

/* Before the node goes.  Context: remove. */
void npp_subsystem_leave(struct npp_dev *dev)
{
	struct npp_subsystem *s = dev->subsystem;

	if (!s)
		return;
	mutex_lock(&s->first_lock);
	if (s->first == dev) {
		npp_subsystem_refresh(s);
		s->first = NULL;
	}
	mutex_unlock(&s->first_lock);
	mutex_lock(&npp_subsystems_lock);
	sysfs_remove_link(&s->device.kobj, dev->name);
	s->controllers--;
	npp_subsystem_drop_unused(s);
	mutex_unlock(&npp_subsystems_lock);
}

/* Context: the module's exit. */
void npp_subsystem_exit(void)
{
	ida_destroy(&npp_subsystem_ids);
}
