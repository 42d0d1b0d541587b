// SPDX-License-Identifier: GPL-2.0
/* Module parameters: what they are, what they accept. */

#include <linux/idr.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "base/params.h"
#include "compat/compat.h"

struct npp_params npp_params = {
	.io_timeout_ms = 30000,
	.admin_timeout_ms = 60000,
	.shutdown_timeout_ms = 5000,
	.ctrl_loss_tmo = 600,
	.fast_io_fail_tmo = NPP_TMO_OFF,
	.max_queues = 0,
	.poll_queues = 0,
	.queue_depth = 1022,
	.instance_base = 64,
	.lost_irq_ms = 16,
	.lost_irq_budget = 3,
	.lost_irq_action = NPP_IRQ_CAP_POLL,
};

static char *interrupts = "auto";

module_param_named(io_timeout_ms, npp_params.io_timeout_ms, uint, 0444);
MODULE_PARM_DESC(io_timeout_ms,
		 "milliseconds after which an I/O command times out (1000..4294967295, default 30000)");
module_param_named(admin_timeout_ms, npp_params.admin_timeout_ms, uint, 0444);
MODULE_PARM_DESC(admin_timeout_ms,
		 "milliseconds after which an admin command times out (1000..600000, default 60000)");
module_param_named(shutdown_timeout_ms, npp_params.shutdown_timeout_ms, uint, 0444);
MODULE_PARM_DESC(shutdown_timeout_ms,
		 "milliseconds that a normal shutdown may take, at least (100..60000, default 5000)");
module_param_named(max_queues, npp_params.max_queues, uint, 0444);
MODULE_PARM_DESC(max_queues,
		 "I/O queues with interrupts per controller at most (0..1024, default 0: one per CPU)");
module_param_named(poll_queues, npp_params.poll_queues, uint, 0444);
MODULE_PARM_DESC(poll_queues,
		 "additional I/O queues without interrupts, for polled I/O (0..1024, default 0)");
module_param_named(queue_depth, npp_params.queue_depth, uint, 0444);
MODULE_PARM_DESC(queue_depth,
		 "commands in flight per I/O queue at most (2..4095, default 1022: rings of 1024 entries)");
module_param_named(shadow_doorbells, npp_params.shadow_doorbells, bool, 0444);
MODULE_PARM_DESC(shadow_doorbells,
		 "shadow doorbells where the controller knows them and has MSI-X (0, 1, default 0)");
module_param_named(standard_names, npp_params.standard_names, bool, 0444);
MODULE_PARM_DESC(standard_names,
		 "sysfs classes named as nvme_core's, which must not be loaded (0, 1, default 0)");
module_param_named(instance_base, npp_params.instance_base, uint, 0444);
MODULE_PARM_DESC(instance_base,
		 "N of the first controller's disks, nvme<N>n<M> (0..65535, default 64)");

#define NPP_LOST_IRQ_MS_MIN 10
#define NPP_LOST_IRQ_MS_MAX 10000

/* What was written to a file in sysfs ends with a newline. */
#define npp_err_value(name, text, fmt, ...) \
	do { \
		const char *npp_text = (text); \
		\
		pr_err("nvmepp: " name "=%.*s: accepted " fmt "\n", \
		       (int)min(strcspn(npp_text, "\n"), 20ul), npp_text, ##__VA_ARGS__); \
	} while (0)

/* Seconds, or NPP_TMO_OFF: as text, for a parameter or an attribute called @name. */
int npp_parse_tmo(const char *name, const char *text, int *seconds)
{
	int value;

	if (kstrtoint(text, 10, &value) || value < NPP_TMO_OFF || value > NPP_TMO_MAX_S) {
		pr_err("nvmepp: %s=%.*s: accepted are 0..%d seconds, and %d (off)\n", name,
		       (int)min(strcspn(text, "\n"), 20ul), text, NPP_TMO_MAX_S, NPP_TMO_OFF);
		return -EINVAL;
	}
	*seconds = value;
	return 0;
}

static int npp_set_tmo(const char *text, const struct kernel_param *kp)
{
	return npp_parse_tmo(kp->name, text, kp->arg);
}

static const struct kernel_param_ops npp_tmo_ops = {
	.set = npp_set_tmo,
	.get = param_get_int,
};

module_param_cb(ctrl_loss_tmo, &npp_tmo_ops, &npp_params.ctrl_loss_tmo, 0444);
MODULE_PARM_DESC(ctrl_loss_tmo,
		 "seconds from the first failed reset until the disks fail (0..86400, -1: never, default 600)");
module_param_cb(fast_io_fail_tmo, &npp_tmo_ops, &npp_params.fast_io_fail_tmo, 0444);
MODULE_PARM_DESC(fast_io_fail_tmo,
		 "seconds from the first failed reset until waiting I/O fails, while attempts go on (0..86400, -1: off, default -1)");

/* Any context in which it may sleep.  Commands in flight are watched by the new value. */
int npp_set_lost_irq_ms(const char *text)
{
	unsigned int value;
	int err = kstrtouint(text, 0, &value);

	if (err || (value && (value < NPP_LOST_IRQ_MS_MIN || value > NPP_LOST_IRQ_MS_MAX))) {
		npp_err_value("lost_irq_ms", text, "values are 0 (off) and %u..%u",
			      NPP_LOST_IRQ_MS_MIN, NPP_LOST_IRQ_MS_MAX);
		return -EINVAL;
	}
	WRITE_ONCE(npp_params.lost_irq_ms, value);
	return 0;
}

static int npp_set_lost_irq_budget(const char *text, const struct kernel_param *kp)
{
	unsigned int value;
	int err = kstrtouint(text, 0, &value);

	if (err || !value || value > 1000) {
		npp_err_value("lost_irq_budget", text, "range is 1..1000");
		return -EINVAL;
	}
	WRITE_ONCE(npp_params.lost_irq_budget, value);
	return 0;
}

static const struct kernel_param_ops npp_lost_irq_budget_ops = {
	.set = npp_set_lost_irq_budget,
	.get = param_get_uint,
};

module_param_cb(lost_irq_budget, &npp_lost_irq_budget_ops, &npp_params.lost_irq_budget, 0644);
MODULE_PARM_DESC(lost_irq_budget,
		 "lost interrupts within a minute that reset the controller (1..1000, default 3)");

/* In the order of enum npp_irq_cap. */
static const char *const npp_irq_actions[NPP_IRQ_CAPS] = {
	"off", "log", "restore", "reset", "poll"
};

const char *npp_irq_action_name(enum npp_irq_cap cap)
{
	return npp_irq_actions[cap];
}

int npp_parse_irq_action(const char *text, enum npp_irq_cap *cap)
{
	int index = __sysfs_match_string(npp_irq_actions, NPP_IRQ_CAPS, text);

	if (index < 0) {
		npp_err_value("lost_irq_action", text, "is off, log, restore, reset or poll");
		return -EINVAL;
	}
	*cap = index;
	return 0;
}

static int npp_set_lost_irq_action(const char *text, const struct kernel_param *kp)
{
	return npp_parse_irq_action(text, kp->arg);
}

static int npp_get_lost_irq_action(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", npp_irq_action_name(npp_params.lost_irq_action));
}

static const struct kernel_param_ops npp_lost_irq_action_ops = {
	.set = npp_set_lost_irq_action,
	.get = npp_get_lost_irq_action,
};

module_param_cb(lost_irq_action, &npp_lost_irq_action_ops, &npp_params.lost_irq_action, 0444);
MODULE_PARM_DESC(lost_irq_action,
		 "strongest action for lost interrupts: off, log, restore, reset, poll (default poll); per controller in sysfs");

module_param(interrupts, charp, 0444);
MODULE_PARM_DESC(interrupts,
		 "interrupt type: auto, msix, msi, or intx (default auto: the first that is available)");

static const struct {
	const char *name;
	const unsigned int *value;
	unsigned int min, max;
} npp_ranges[] = {
	{ "io_timeout_ms", &npp_params.io_timeout_ms, 1000, UINT_MAX },
	{ "admin_timeout_ms", &npp_params.admin_timeout_ms, 1000, 600000 },
	{ "shutdown_timeout_ms", &npp_params.shutdown_timeout_ms, 100, 60000 },
	{ "max_queues", &npp_params.max_queues, 0, 1024 },
	{ "poll_queues", &npp_params.poll_queues, 0, 1024 },
	{ "queue_depth", &npp_params.queue_depth, 2, NPP_MAX_DEPTH - 1 },
	{ "instance_base", &npp_params.instance_base, 0, 65535 },
};

static const struct {
	const char *name;
	const char *text;
	unsigned int types;
} npp_irq_choices[] = {
	{ "auto", "MSI-X, MSI or INTx", PCI_IRQ_MSIX | PCI_IRQ_MSI | PCI_IRQ_INTX },
	{ "msix", "MSI-X", PCI_IRQ_MSIX },
	{ "msi", "MSI", PCI_IRQ_MSI },
	{ "intx", "INTx", PCI_IRQ_INTX },
};

static int npp_check_interrupts(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(npp_irq_choices); i++) {
		if (sysfs_streq(interrupts, npp_irq_choices[i].name)) {
			npp_params.irq_types = npp_irq_choices[i].types;
			npp_params.irq_types_text = npp_irq_choices[i].text;
			return 0;
		}
	}
	pr_err("nvmepp: interrupts=%s: accepted values are auto, msix, msi, intx\n", interrupts);
	return -EINVAL;
}

/* A number from instance_base on, of those that @ida hands out; or an error. */
int npp_number_alloc(struct ida *ida)
{
	const unsigned int base = npp_params.instance_base;

	return ida_alloc_range(ida, base, base + 65535, GFP_KERNEL);
}

/* Context: module load. */
int npp_params_check(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(npp_ranges); i++) {
		const unsigned int value = *npp_ranges[i].value;

		if (value < npp_ranges[i].min || value > npp_ranges[i].max) {
			pr_err("nvmepp: %s=%u: accepted range is %u..%u\n", npp_ranges[i].name,
			       value, npp_ranges[i].min, npp_ranges[i].max);
			return -EINVAL;
		}
	}
	return npp_check_interrupts();
}
