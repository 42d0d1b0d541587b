/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What C calls in the C++ core.  Plain data and plain functions: C owns all
 * memory, all locks, all waiting; the core owns what NVMe means.
 *
 * Each function says:
 *   Context:  where it may be called
 *   Excludes: what the caller has to keep out meanwhile
 *   Sleeps:   whether it may sleep
 * "This queue's reaper" is the queue's interrupt handler, or the holder of the
 * queue's poll lock with that interrupt disabled.
 */
#ifndef NVMEPP_CORE_H
#define NVMEPP_CORE_H

#include <nvmepp/controller.h>
#include <nvmepp/async_event.h>
#include <nvmepp/irq_health.h>
#include <nvmepp/loss.h>
#include <nvmepp/poll_pace.h>
#include <nvmepp/prp.h>
#include <nvmepp/queue.h>
#include <nvmepp/reconnect.h>
#include <nvmepp/stall.h>
#include <nvmepp/status.h>
#include <nvmepp/timeout.h>
#include <nvmepp/watch_pace.h>

#endif
