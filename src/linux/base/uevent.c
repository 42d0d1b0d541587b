// SPDX-License-Identifier: GPL-2.0
/*
 * Uevents about the controller's life, for udev.  They are sent by a work of their own:
 * sending allocates, and the reset worker must not wait for memory.
 */

#include <linux/kobject.h>

#include "base/log.h"

static const char *const npp_uevent_names[NPP_UEVENTS] = {
	[NPP_UEVENT_RECONNECTING] = "NVMEPP_EVENT=reconnecting",
	[NPP_UEVENT_LIVE] = "NVMEPP_EVENT=live",
	[NPP_UEVENT_FAILED] = "NVMEPP_EVENT=failed",
};

/* Context: any.  Not after removal has waited for the work. */
void npp_send_uevent(struct npp_dev *dev, enum npp_uevent event)
{
	set_bit(event, &dev->uevents);
	queue_work(system_unbound_wq, &dev->uevent_work);
}

void npp_uevent_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(work, struct npp_dev, uevent_work);
	char ctrl[32];
	int event;

	snprintf(ctrl, sizeof(ctrl), "NVMEPP_CTRL=%s", dev->name);
	for (event = 0; event < NPP_UEVENTS; event++) {
		char *env[3] = { (char *)npp_uevent_names[event], ctrl };

		if (test_and_clear_bit(event, &dev->uevents))
			kobject_uevent_env(&dev->pdev->dev.kobj, KOBJ_CHANGE, env);
	}
}
