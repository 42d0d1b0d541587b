// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous events: one request for them is in flight as long as the
 * controller is live, for ever if nothing happens.  It has a tag of its own, which
 * no admin command gets; no task waits for it, it never times out, and it goes
 * with a reset or a removal without a word.
 *
 * When it completes, a work reads the log page that the event is about, which
 * lets the controller report the next of its type, and asks again.  A controller
 * that never stops reporting is handled a limited number of times a second.
 */

#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "base/log.h"
#include "base/page.h"
#include "block/block.h"
#include "ctrl/ctrl.h"

#define NPP_ASYNC_EVENTS_PER_SECOND 16

/*
 * Only while live: a controller on its way down or up has other things to do, and
 * the request would be one too many for who empties its queue (CVE-2022-48790).
 */
static void npp_submit_async_event_locked(struct npp_dev *dev)
{
	struct npp_hwq *q = &dev->queues[0];
	struct npp_sqe sqe;

	if (dev->async_event_state != NPP_ASYNC_EVENT_IDLE || !q->enabled ||
	    npp_ctrl_state(&dev->ctrl) != NPP_LIVE)
		return;
	npp_async_event_request(&sqe);
	dev->async_event_state = NPP_ASYNC_EVENT_SUBMITTED;
	npp_submit_raw(&q->core, NPP_EVENT_TAG, &sqe);
	npp_queue_ring(&q->core);
}

/* The controller is live.  Asks unless somebody has. */
void npp_submit_async_event(struct npp_dev *dev)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->admin_lock, flags);
	npp_submit_async_event_locked(dev);
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}

/*
 * An event that was reported is still read; a pending request will get no answer,
 * and has ended with the others.
 */
void npp_cancel_async_event(struct npp_dev *dev)
{
	if (dev->async_event_state == NPP_ASYNC_EVENT_COMPLETED)
		return;
	dev->queues[0].cancelled += dev->async_event_state == NPP_ASYNC_EVENT_SUBMITTED;
	dev->async_event_state = NPP_ASYNC_EVENT_IDLE;
}

/* Jiffies until the event may be handled. */
static unsigned long npp_async_event_delay(struct npp_dev *dev)
{
	if (time_after_eq(jiffies, dev->event_burst_end)) {
		dev->event_burst_end = jiffies + HZ;
		dev->event_burst = 0;
	}
	if (++dev->event_burst <= NPP_ASYNC_EVENTS_PER_SECOND)
		return 0;
	return dev->event_burst_end - jiffies;
}

/*
 * A controller that ends the request with an error does not want it; it is asked
 * again after the next reset.
 */
void npp_complete_async_event(struct npp_dev *dev, u16 status, u32 result)
{
	unsigned long flags;

	spin_lock_irqsave(&dev->admin_lock, flags);
	if (status) {
		dev->async_event_state = NPP_ASYNC_EVENT_REFUSED;
		npp_warn_limited(dev, "Asynchronous Event Request failed, status 0x%x\n",
				 status);
	} else {
		dev->events++;
		dev->async_event_state = NPP_ASYNC_EVENT_COMPLETED;
		dev->event_result = result;
		queue_delayed_work(system_unbound_wq, &dev->event_work, npp_async_event_delay(dev));
	}
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}

static void npp_read_async_event_log(struct npp_dev *dev, const struct npp_async_event *e)
{
	struct npp_page page;
	u8 warning;
	int err;

	if (npp_page_alloc(dev, &page)) {
		npp_warn_limited(dev, "no memory to read log page %u\n", e->log_page);
		return;
	}
	err = npp_read_event_log(&dev->ctrl, e, &page, &warning);
	npp_page_free(dev, &page);
	if (!err && warning)
		npp_warn_limited(dev, "health: critical warning 0x%02x\n", warning);
}

static void npp_handle_async_event(struct npp_dev *dev, u32 result)
{
	struct npp_async_event e;

	npp_parse_async_event(result, &e);
	npp_warn_limited(dev, "async event: %s (type %u, information 0x%02x, log page %u)\n",
			 npp_async_event_name(&e), e.type, e.information, e.log_page);
	if (e.log_bytes)
		npp_read_async_event_log(dev, &e);
	/* Which reads that event's log first, so that a later change is reported again. */
	if (e.rescan)
		npp_scan_schedule(dev);
}

void npp_async_event_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(to_delayed_work(work), struct npp_dev, event_work);
	unsigned long flags;

	/* Completed: until the next request is sent, the result does not change. */
	npp_handle_async_event(dev, dev->event_result);
	spin_lock_irqsave(&dev->admin_lock, flags);
	dev->async_event_state = NPP_ASYNC_EVENT_IDLE;
	npp_submit_async_event_locked(dev);
	spin_unlock_irqrestore(&dev->admin_lock, flags);
}
