// SPDX-License-Identifier: GPL-2.0
/*
 * Character devices: nvme<N> for a controller, ng<N>n<M> for a namespace.  The
 * former is also the parent of the disks, since udev looks for a disk's model and
 * serial number there.
 */

#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "base/gate.h"
#include "base/log.h"
#include "sysfs/sysfs.h"
#include "user/user.h"

#define NPP_MINORS BIT(MINORBITS)

static dev_t npp_first_node;
static DEFINE_IDA(npp_minors);

static bool npp_may_write(const struct file *file)
{
	return file->f_mode & FMODE_WRITE;
}

/* As upstream: no node of a controller that is not at work. */
static int npp_node_open(struct inode *inode, struct file *file)
{
	struct npp_node *node = container_of(inode->i_cdev, struct npp_node, cdev);
	struct npp_dev *dev = npp_gate_enter(node->gate);
	int err;

	if (!dev)
		return -ENODEV;
	err = npp_ctrl_state(&dev->ctrl) == NPP_LIVE ? 0 : -EWOULDBLOCK;
	npp_gate_leave(node->gate);
	file->private_data = node;
	return err;
}

static long npp_node_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct npp_node *node = file->private_data;

	return node->ns ? npp_ns_ioctl(node->ns, cmd, arg, npp_may_write(file), false) :
			  npp_ctrl_ioctl(node->gate, cmd, arg, npp_may_write(file));
}

static const struct file_operations npp_node_fops = {
	.owner = THIS_MODULE,
	.open = npp_node_open,
	.unlocked_ioctl = npp_node_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = npp_node_uring_cmd,
	.uring_cmd_iopoll = npp_node_uring_iopoll,
};

static void npp_node_release(struct device *device)
{
	struct npp_node *node = container_of(device, struct npp_node, device);

	ida_free(&npp_minors, MINOR(device->devt));
	npp_gate_put(node->gate);
	if (node->ns)
		put_disk(node->ns->disk);
	kfree(node);
}

/* Everything but the name; from here on put_device() undoes it. */
static struct npp_node *npp_node_create(struct npp_dev *dev, struct npp_ns *ns)
{
	struct npp_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	int minor;

	if (!node)
		return NULL;
	minor = ida_alloc_max(&npp_minors, NPP_MINORS - 1, GFP_KERNEL);
	if (minor < 0) {
		kfree(node);
		return NULL;
	}
	npp_gate_get(dev->gate);
	node->gate = dev->gate;
	if (ns)
		get_device(disk_to_dev(ns->disk));
	node->ns = ns;
	device_initialize(&node->device);
	node->device.devt = MKDEV(MAJOR(npp_first_node), minor);
	node->device.class = ns ? &npp_generic_class : &npp_ctrl_class;
	node->device.groups = ns ? NULL : npp_ctrl_attr_groups;
	node->device.parent = ns ? &dev->node->device : &dev->pdev->dev;
	node->device.release = npp_node_release;
	dev_set_drvdata(&node->device, ns ? (void *)ns : dev);
	cdev_init(&node->cdev, &npp_node_fops);
	node->cdev.owner = THIS_MODULE;
	return node;
}

static struct npp_node *npp_node_publish(struct npp_dev *dev, struct npp_node *node, int err)
{
	if (!err)
		err = cdev_device_add(&node->cdev, &node->device);
	if (!err)
		return node;
	npp_err(dev, "character device %s not created (%d)\n", dev_name(&node->device) ?: "?", err);
	put_device(&node->device);
	return NULL;
}

struct npp_node *npp_node_add_controller(struct npp_dev *dev)
{
	struct npp_node *node = npp_node_create(dev, NULL);

	if (!node)
		return NULL;
	return npp_node_publish(dev, node, dev_set_name(&node->device, "%s", dev->name));
}

/* NULL where there is none: the disk serves without it. */
struct npp_node *npp_node_add_namespace(struct npp_ns *ns)
{
	struct npp_node *node = npp_node_create(ns->dev, ns);

	if (!node)
		return NULL;
	return npp_node_publish(ns->dev, node, dev_set_name(&node->device, "ng%dn%d",
							    ns->dev->instance, ns->number));
}

/* An open file keeps it, and finds the gate closed or the disk dead. */
void npp_node_remove(struct npp_node *node)
{
	if (!node)
		return;
	cdev_device_del(&node->cdev, &node->device);
	put_device(&node->device);
}

int npp_chardev_init(void)
{
	return alloc_chrdev_region(&npp_first_node, 0, NPP_MINORS, KBUILD_MODNAME);
}

void npp_chardev_exit(void)
{
	unregister_chrdev_region(npp_first_node, NPP_MINORS);
	ida_destroy(&npp_minors);
}
