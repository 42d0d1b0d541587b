/* SPDX-License-Identifier: GPL-2.0 */
/* The log: lines begin with the PCI address and the controller's name. */
#ifndef NVMEPP_LOG_H
#define NVMEPP_LOG_H

#include <linux/device.h>

#include "base/dev.h"

#define npp_log(level, owner, fmt, ...) \
	do { \
		const struct npp_dev *npp_owner = (owner); \
		\
		dev_##level(&npp_owner->pdev->dev, "%s: " fmt, npp_owner->name, ##__VA_ARGS__); \
	} while (0)
#define npp_info(owner, fmt, ...) npp_log(info, owner, fmt, ##__VA_ARGS__)
#define npp_warn(owner, fmt, ...) npp_log(warn, owner, fmt, ##__VA_ARGS__)
#define npp_err(owner, fmt, ...) npp_log(err, owner, fmt, ##__VA_ARGS__)
#define npp_info_limited(owner, fmt, ...) npp_log(info_ratelimited, owner, fmt, ##__VA_ARGS__)
#define npp_warn_limited(owner, fmt, ...) npp_log(warn_ratelimited, owner, fmt, ##__VA_ARGS__)

/* log.c; any context */
void npp_log_timeout(const struct npp_timed_out_cmd *cmd, const struct npp_timeout_poll *poll,
		     const struct npp_timeout_facts *facts, enum npp_timeout_action action);
void npp_log_lost_irq(struct npp_hwq *q, enum npp_loss loss, unsigned int taken,
		      enum npp_irq_action action);
void npp_log_mode(struct npp_hwq *q, bool polling);
const char *npp_reset_reason_text(enum npp_reset_reason reason);

/* uevent.c; npp_send_uevent(), npp_send_queue_uevent(): any context */
void npp_send_uevent(struct npp_dev *dev, enum npp_uevent event);
void npp_send_queue_uevent(struct npp_hwq *q, enum npp_uevent event);
void npp_uevent_work(struct work_struct *work);

#endif
