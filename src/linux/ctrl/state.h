/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A controller's state, and requests for a reset.  Whoever detects a fault requests
 * one here; the worker that carries it out (reset.c) calls every folder below.
 */
#ifndef NVMEPP_CTRL_STATE_H
#define NVMEPP_CTRL_STATE_H

#include "base/dev.h"

/* Resets and the watchdog: a queue with a rescuer, since memory reclaim may wait for them. */
extern struct workqueue_struct *npp_wq;

/* reset.c; any context but interrupts */
bool npp_set_state(struct npp_dev *dev, enum npp_state to);
bool npp_reset_schedule(struct npp_dev *dev, enum npp_reset_reason reason);
void npp_fail_ctrl(struct npp_dev *dev, enum npp_reset_reason reason);
unsigned int npp_hold_limit_ms(void);
unsigned int npp_reset_answer_ms(void);

#endif
