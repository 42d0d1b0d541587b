/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NVMEPP_PARAMS_H
#define NVMEPP_PARAMS_H

#include <linux/types.h>

#include <nvmepp/core.h>

struct ida;

/* Module parameters (params.c), checked once at load. */
struct npp_params {
	unsigned int io_timeout_ms;
	unsigned int admin_timeout_ms;
	unsigned int shutdown_timeout_ms;
	int ctrl_loss_tmo;
	int fast_io_fail_tmo;
	unsigned int max_queues;
	unsigned int poll_queues;
	unsigned int queue_depth;
	unsigned int instance_base;
	bool standard_names;
	bool shadow_doorbells;
	unsigned int lost_irq_ms;	/* may change at any time */
	unsigned int lost_irq_budget;	/* the same */
	enum npp_irq_cap lost_irq_action;
	unsigned int irq_types;		/* PCI_IRQ_*: what may be tried */
	const char *irq_types_text;
};

extern struct npp_params npp_params;
int npp_params_check(void);
int npp_parse_tmo(const char *name, const char *text, int *seconds);
int npp_set_lost_irq_ms(const char *text);
int npp_parse_irq_action(const char *text, enum npp_irq_cap *cap);
const char *npp_irq_action_name(enum npp_irq_cap cap);
int npp_number_alloc(struct ida *ida);

#endif
