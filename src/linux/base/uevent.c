// SPDX-License-Identifier: GPL-2.0
/*
 * Uevents about the life of the controller and of its queues, for udev.  They are sent by a
 * work of their own: sending allocates, and takes a lock that others hold while they
 * allocate.  Neither the reset worker nor a holder of a lock that a reset takes may wait for
 * memory, which may wait for that reset.
 */

#include <linux/kobject.h>

#include "base/log.h"

static const char *const npp_uevent_names[NPP_UEVENTS] = {
	[NPP_UEVENT_RECONNECTING] = "NVMEPP_EVENT=reconnecting",
	[NPP_UEVENT_LIVE] = "NVMEPP_EVENT=live",
	[NPP_UEVENT_FAILED] = "NVMEPP_EVENT=failed",
	[NPP_UEVENT_DEGRADED] = "NVMEPP_EVENT=degraded",
	[NPP_UEVENT_RECOVERED] = "NVMEPP_EVENT=recovered",
};

/* Context: any.  Not after removal has waited for the work. */
void npp_send_uevent(struct npp_dev *dev, enum npp_uevent event)
{
	set_bit(event, &dev->uevents);
	queue_work(system_unbound_wq, &dev->uevent_work);
}

/* The same, about a queue. */
void npp_send_queue_uevent(struct npp_hwq *q, enum npp_uevent event)
{
	set_bit(event, &q->uevents);
	queue_work(system_unbound_wq, &q->dev->uevent_work);
}

/* @queue: "NVMEPP_QUEUE=...", or NULL. */
static void npp_uevent(struct npp_dev *dev, enum npp_uevent event, char *queue)
{
	char ctrl[32];
	char *env[4] = { (char *)npp_uevent_names[event], ctrl, queue };

	snprintf(ctrl, sizeof(ctrl), "NVMEPP_CTRL=%s", dev->name);
	kobject_uevent_env(&dev->pdev->dev.kobj, KOBJ_CHANGE, env);
}

/* What has come last is sent last, where both wait; the mode is read after they are taken. */
static void npp_queue_uevents(struct npp_hwq *q)
{
	const unsigned long events = xchg(&q->uevents, 0);
	const bool polling = READ_ONCE(q->fallback_poll);
	const enum npp_uevent last = polling ? NPP_UEVENT_DEGRADED : NPP_UEVENT_RECOVERED;
	const enum npp_uevent first = polling ? NPP_UEVENT_RECOVERED : NPP_UEVENT_DEGRADED;
	char queue[24];

	if (!events)
		return;
	snprintf(queue, sizeof(queue), "NVMEPP_QUEUE=%u", q->qid);
	if (events & BIT(first))
		npp_uevent(q->dev, first, queue);
	if (events & BIT(last))
		npp_uevent(q->dev, last, queue);
}

void npp_uevent_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(work, struct npp_dev, uevent_work);
	unsigned int n;

	for (n = 0; n < NPP_UEVENTS; n++)
		if (test_and_clear_bit(n, &dev->uevents))
			npp_uevent(dev, n, NULL);
	/* A queue that a bring-up allocates meanwhile queues this work again. */
	for (n = 0; n <= READ_ONCE(dev->allocated_queues); n++)
		npp_queue_uevents(&dev->queues[n]);
}
