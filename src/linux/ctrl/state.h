/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A controller's state, and requests for a reset.  Code that detects a fault requests
 * one here; the worker that carries it out (reset.c) calls every folder below.
 */
#ifndef NVMEPP_LINUX_STATE_H
#define NVMEPP_LINUX_STATE_H

#include "base/dev.h"

/* Resets and the watchdog: a queue with a rescuer, since memory reclaim may wait for them. */
extern struct workqueue_struct *npp_wq;

int npp_state_init(void);
void npp_state_exit(void);

/* state.c: requests; process context */
void npp_set_live(struct npp_dev *dev);
bool npp_request_reset(struct npp_dev *dev, enum npp_reset_reason reason);
void npp_fail_ctrl(struct npp_dev *dev, enum npp_reset_reason reason);
int npp_user_reset(struct npp_dev *dev);
bool npp_hold(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason);
int npp_release(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason);
void npp_request_release(struct npp_dev *dev, u32 hold, enum npp_reset_reason reason);
void npp_begin_removal(struct npp_dev *dev);
void npp_end_io(struct npp_dev *dev);
void npp_limits_changed(struct npp_dev *dev);
enum npp_state npp_wait_settled(struct npp_dev *dev);
bool npp_wait_live(struct npp_dev *dev);

/* gone.c */
bool npp_device_gone(struct npp_dev *dev);

/* steps.c: the reset worker's */
enum npp_work_step npp_begin_work(struct npp_dev *dev);
enum npp_work_step npp_report(struct npp_dev *dev, enum npp_ctrl_event event);
enum npp_work_step npp_report_lost(struct npp_dev *dev, enum npp_reset_reason reason);
bool npp_attempt_was_last(struct npp_dev *dev, u64 *wait_ms);
unsigned int npp_attempt_ms(const struct npp_dev *dev, unsigned int wanted_ms);

#endif
