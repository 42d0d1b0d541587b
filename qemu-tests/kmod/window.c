// SPDX-License-Identifier: GPL-2.0
/*
 * Widens the window between two steps of a driver under test, so that a race between
 * them happens every time instead of once in a million.
 *
 *   insmod window.ko at=disable_irq caller=[nvme] ms=4000 after=1
 *   insmod window.ko at=blk_mq_complete_request_remote caller=[nvme] ms=40 limit=6 \
 *          inside=nvme_timeout
 *
 * Tasks that call the kernel function "at" from a function whose name contains "caller"
 * wait for "ms", the first "limit" of them: busy before it runs, since they may hold a
 * lock, or, with "after", asleep when it has run.  Interrupt handlers are not held up.
 * With "more", who comes while others wait waits for so many ms longer for each of them.
 * The parameters that can only be read prove that the race took place:
 *
 *   waits     how many tasks have been held up
 *   waiting   how many are at this moment
 *   most      how many tasks were in the function "inside" at the same time, at most
 *
 * With "line" the module also takes part in that interrupt line, as a neighbour on a
 * shared pin does.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

#define MAX_PASSING	16

static char *at = "";
module_param(at, charp, 0444);
static char *caller = "";
module_param(caller, charp, 0444);
static char *inside = "";
module_param(inside, charp, 0444);
static unsigned int ms = 20;
module_param(ms, uint, 0644);
static unsigned int more;
module_param(more, uint, 0444);
static bool after;
module_param(after, bool, 0444);
static int limit = 1;
module_param(limit, int, 0444);
static unsigned int line;
module_param(line, uint, 0444);

static int waits, waiting, most;
module_param(waits, int, 0444);
module_param(waiting, int, 0444);
module_param(most, int, 0444);

static atomic_t now_waits = ATOMIC_INIT(0);
static atomic_t now_waiting = ATOMIC_INIT(0);
static atomic_t now_inside = ATOMIC_INIT(0);

/* Tasks that are about to run the function that they have called. */
static struct task_struct *passing[MAX_PASSING];

static bool may_pass(void)
{
	unsigned int i;

	for (i = 0; i < MAX_PASSING; i++)
		if (cmpxchg(&passing[i], current, NULL) == current)
			return true;
	return false;
}

static void let_pass(void)
{
	unsigned int i;

	for (i = 0; i < MAX_PASSING; i++)
		if (!cmpxchg(&passing[i], NULL, current))
			return;
	WARN_ONCE(1, "window: more than %d tasks at once\n", MAX_PASSING);
}

static void hold_up(void)
{
	const int tasks = atomic_inc_return(&now_waiting);
	const unsigned int wait_ms = ms + (tasks - 1) * more;

	waiting = tasks;
	if (after)
		msleep(wait_ms);
	else
		mdelay(wait_ms);
	waiting = atomic_dec_return(&now_waiting);
}

typedef unsigned long (*any_function)(unsigned long a, unsigned long b, unsigned long c,
				      unsigned long d, unsigned long e, unsigned long f);

static struct kprobe stop;

/* Runs instead of the function: it has the caller's context, and may sleep. */
static unsigned long stand_in(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
			      unsigned long e, unsigned long f)
{
	unsigned long result;

	let_pass();
	result = ((any_function)(void *)stop.addr)(a, b, c, d, e, f);
	hold_up();
	return result;
}

static unsigned long return_address(struct pt_regs *regs)
{
#ifdef CONFIG_ARM64
	return procedure_link_pointer(regs);
#else
	return *(unsigned long *)kernel_stack_pointer(regs);
#endif
}

static bool is_wanted(struct pt_regs *regs)
{
	char name[KSYM_SYMBOL_LEN];

	if (!in_task())
		return false;
	snprintf(name, sizeof(name), "%ps", (void *)return_address(regs));
	if (!strstr(name, caller))
		return false;
	if (atomic_inc_return(&now_waits) > limit) {
		atomic_dec(&now_waits);
		return false;
	}
	waits = atomic_read(&now_waits);
	return true;
}

static int on_call(struct kprobe *probe, struct pt_regs *regs)
{
	if (may_pass() || !is_wanted(regs))
		return 0;
	if (!after) {
		hold_up();
		return 0;
	}
	instruction_pointer_set(regs, (unsigned long)stand_in);
	return 1;
}

/* Without one, a probe that ftrace serves must not go elsewhere. */
static void on_step(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe stop = {
	.pre_handler = on_call,
	.post_handler = on_step,
};

static int on_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	int tasks = atomic_inc_return(&now_inside);

	/* Two that come at once may both see two, and never less. */
	if (tasks > most)
		most = tasks;
	return 0;
}

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	atomic_dec(&now_inside);
	return 0;
}

static struct kretprobe span = {
	.entry_handler = on_entry,
	.handler = on_return,
};

static irqreturn_t on_interrupt(int irq, void *data)
{
	return IRQ_NONE;
}

static int __init window_init(void)
{
	int err;

	stop.symbol_name = at;
	span.kp.symbol_name = inside;
	if (line) {
		err = request_irq(line, on_interrupt, IRQF_SHARED, "window", &line);
		if (err)
			return err;
	}
	err = *inside ? register_kretprobe(&span) : 0;
	if (err)
		goto no_span;
	err = *at ? register_kprobe(&stop) : 0;
	if (!err)
		return 0;

	if (*inside)
		unregister_kretprobe(&span);
no_span:
	if (line)
		free_irq(line, &line);
	return err;
}
module_init(window_init);

static void __exit window_exit(void)
{
	if (*at)
		unregister_kprobe(&stop);
	while (atomic_read(&now_waiting))
		msleep(20);
	/* Who has waited has still to leave stand_in(). */
	msleep(100);
	if (*inside)
		unregister_kretprobe(&span);
	if (line)
		free_irq(line, &line);
}
module_exit(window_exit);

MODULE_DESCRIPTION("Widens windows in drivers under test");
MODULE_LICENSE("GPL");
