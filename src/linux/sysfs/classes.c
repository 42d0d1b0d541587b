// SPDX-License-Identifier: GPL-2.0
/*
 * The classes of what user space sees of a controller.  Upstream's names are
 * nvme_core's, whether it drives a device or not; ours are others, so that both are
 * there side by side, unless standard_names=1 asks for upstream's.
 */

#include <linux/device.h>
#include <linux/module.h>

#include "base/params.h"
#include "compat/compat.h"
#include "sysfs/sysfs.h"

/* udev's rules and nvme-cli's services go by it. */
static int npp_ctrl_uevent(npp_uevent_device *device, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "NVME_TRTYPE=pcie");
}

struct class npp_ctrl_class = { .dev_uevent = npp_ctrl_uevent };
struct class npp_generic_class;
struct class npp_subsystem_class;

static const struct {
	struct class *class;
	const char *own, *standard;
} npp_classes[] = {
	{ &npp_ctrl_class, "nvmepp-controller", "nvme" },
	{ &npp_generic_class, "nvmepp-generic", "nvme-generic" },
	{ &npp_subsystem_class, "nvmepp-subsystem", "nvme-subsystem" },
};

/*
 * nvme_core has registered its classes before anyone can use its functions.  Asked
 * first, since registering a name twice is an error that the kernel reports with a
 * trace of the stack.
 */
static bool npp_classes_taken(void)
{
	if (!__symbol_get("nvme_init_ctrl"))
		return false;
	__symbol_put("nvme_init_ctrl");
	return true;
}

static void npp_classes_unregister(int count)
{
	while (count--)
		class_unregister(npp_classes[count].class);
}

/* Context: module load, after npp_params_check(). */
int npp_classes_init(void)
{
	int i, err;

	if (npp_params.standard_names && npp_classes_taken()) {
		pr_err("nvmepp: standard_names=1: the names are nvme_core's, which is there; accepted without it (modprobe -r nvme nvme_fabrics), or 0\n");
		return -EBUSY;
	}
	for (i = 0; i < ARRAY_SIZE(npp_classes); i++) {
		npp_classes[i].class->name = npp_params.standard_names ? npp_classes[i].standard :
									 npp_classes[i].own;
		err = class_register(npp_classes[i].class);
		if (err) {
			npp_classes_unregister(i);
			return err;
		}
	}
	return 0;
}

/* Context: the module's exit. */
void npp_classes_exit(void)
{
	npp_classes_unregister(ARRAY_SIZE(npp_classes));
}
