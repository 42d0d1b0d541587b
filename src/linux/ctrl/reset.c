// SPDX-License-Identifier: GPL-2.0
/*
 * The reset worker: it tears the controller down, brings it up again, attempt after
 * attempt, lets I/O go or fail.  The state machine says what is next (steps.c); this file
 * does it.  The steps' numbers are those of src/README.md.
 *
 * It runs for the disk that memory is swapped to, so it allocates nothing: vectors,
 * interrupts, rings and pages are kept from probe.
 */

#include <linux/pci.h>
#include <linux/sched/mm.h>

#include "base/log.h"
#include "base/params.h"
#include "base/trace.h"
#include "block/block.h"
#include "ctrl/ctrl.h"
#include "ctrl/state.h"
#include "recovery/recovery.h"

/* Context: the reset worker. */
static void npp_log_work_begins(struct npp_dev *dev)
{
	const enum npp_state state = npp_ctrl_state(&dev->ctrl);

	/* What is brought up again after a pause is logged when it has worked. */
	if (state != NPP_CONNECTING && state != NPP_RECONNECT_WAIT)
		npp_warn(dev, "%s: %s\n", npp_state_name(state),
			 npp_reset_reason_text(dev->reset_reason));
	trace_nvmepp_reset(dev, state);
}

/* The worker ends without a word only where the controller is to stay down. */
static enum npp_work_step npp_count_pause(struct npp_dev *dev, enum npp_work_step step)
{
	if (step == NPP_WORK_END && !dev->paused) {
		dev->paused = true;
		dev->pauses++;
	}
	return step;
}

/* Steps 2 to 7; idempotent. */
static enum npp_work_step npp_work_tear_down(struct npp_dev *dev)
{
	const bool sleep = npp_ctrl_state(&dev->ctrl) == NPP_PAUSING &&
			   dev->reset_reason == NPP_RESET_SLEEP;

	/* 2. No new command, and no timeout handler left running. */
	npp_quiesce_disks(dev);
	/* 3. to 7. Controller off, completions reaped, the rest cancelled. */
	npp_tear_down(dev, sleep ? NPP_DOWN_ORDERLY : NPP_DOWN);
	return npp_count_pause(dev, npp_report(dev, NPP_EV_TORN_DOWN));
}

static void npp_log_attempt(struct npp_dev *dev, int err, u64 wait_ms)
{
	npp_warn(dev, "reconnect attempt %u failed (%d): %s; next in %llu s\n",
		 dev->reconnect.failed, err, dev->attempt_text, DIV_ROUND_UP_ULL(wait_ms, 1000));
	if (dev->reconnect.failed == 1)
		npp_send_uevent(dev, NPP_UEVENT_RECONNECTING);
}

/* Undoes what the attempt has done, and reports whether there is another. */
static enum npp_work_step npp_end_failed_attempt(struct npp_dev *dev, int err)
{
	u64 wait_ms;
	bool last;

	/* A controller that has just had CAP.TO is not waited for a second time. */
	npp_tear_down(dev, err == -ETIMEDOUT ? NPP_DOWN_AT_ONCE : NPP_DOWN);
	/* Held, failed or removed meanwhile: that explains it, and decides what follows. */
	if (npp_ctrl_state(&dev->ctrl) != NPP_CONNECTING)
		return npp_report(dev, NPP_EV_NOT_UP);
	dev->reset_failures++;
	last = npp_attempt_was_last(dev, &wait_ms);
	if (npp_device_gone(dev))
		return npp_report_lost(dev, NPP_RESET_DEVICE_GONE);
	if (last)
		return npp_report_lost(dev, NPP_RESET_CTRL_LOSS);
	npp_log_attempt(dev, err, wait_ms);
	return npp_report(dev, NPP_EV_NOT_UP);
}

/*
 * Step 8: one attempt.  Registers and admin commands alone decide it; the commands that
 * test the vectors touch the medium, which may be slow.
 */
static enum npp_work_step npp_work_bring_up(struct npp_dev *dev)
{
	const int err = npp_bring_up(dev);

	if (err)
		return npp_count_pause(dev, npp_end_failed_attempt(dev, err));
	npp_test_vectors(dev);
	return npp_report(dev, NPP_EV_BROUGHT_UP);
}

/* At probe the controller had no I/O queue: from now on it has disks. */
static void npp_first_queues(struct npp_dev *dev)
{
	const int err = dev->has_tag_set ? 0 : npp_alloc_tag_set(dev);

	if (err)
		npp_err(dev, "no memory for disks (%d)\n", err);
}

/* Step 9: live again, or serving the disks of a removal. */
static void npp_work_serve_io(struct npp_dev *dev)
{
	const bool lost_before = dev->reconnect.failed;

	if (dev->paused)
		dev->paused = false;
	else
		dev->resets++;
	dev->reconnect = (struct npp_reconnect){ };
	npp_first_queues(dev);
	npp_watchdog_start(dev);
	npp_unquiesce_disks(dev);
	npp_info(dev, "live again with %u I/O queues\n", dev->io_queues);
	if (lost_before)
		npp_send_uevent(dev, NPP_UEVENT_LIVE);
	npp_submit_async_event(dev);
	/* Events about what changed meanwhile are lost.  Refused while removing. */
	npp_scan_schedule(dev);
}

/* Attempts go on, and may succeed: the disks stay. */
static void npp_work_fail_fast(struct npp_dev *dev)
{
	npp_unquiesce_disks(dev);
	npp_err(dev, "fast_io_fail_tmo of %d s expired: I/O fails until the controller is live\n",
		READ_ONCE(dev->fast_io_fail_tmo));
}

/*
 * The disks are lost, and all their I/O fails.  A user may have asked for another attempt
 * already, which begins when this has ended.
 */
static void npp_work_fail_io(struct npp_dev *dev)
{
	npp_unquiesce_disks(dev);
	npp_kill_disks(dev);
	npp_err(dev, "%s: %s; its disks fail all I/O\n", npp_state_name(dev->failed_state),
		npp_reset_reason_text(dev->failed_reason));
	dev->reconnect = (struct npp_reconnect){ };
	dev->paused = false;
	if (dev->failed_state == NPP_DEAD)
		npp_send_uevent(dev, NPP_UEVENT_FAILED);
}

static void npp_reset(struct npp_dev *dev)
{
	enum npp_work_step step;

	npp_log_work_begins(dev);
	step = npp_begin_work(dev);
	while (step == NPP_WORK_TEAR_DOWN || step == NPP_WORK_BRING_UP)
		step = step == NPP_WORK_TEAR_DOWN ? npp_work_tear_down(dev) :
						    npp_work_bring_up(dev);
	if (step == NPP_WORK_SERVE_IO)
		npp_work_serve_io(dev);
	else if (step == NPP_WORK_FAIL_FAST)
		npp_work_fail_fast(dev);
	else if (step == NPP_WORK_FAIL_IO)
		npp_work_fail_io(dev);
	else if (step == NPP_WORK_WAIT && dev->reconnect.io_failed)
		npp_unquiesce_disks(dev);	/* which the attempt has quiesced */
}

/* Reclaim that waits for this controller's disks must not be what a reset waits for. */
void npp_reset_work(struct work_struct *work)
{
	struct npp_dev *dev = container_of(to_delayed_work(work), struct npp_dev, reset_work);
	const unsigned int noio = memalloc_noio_save();

	npp_reset(dev);
	memalloc_noio_restore(noio);
}
