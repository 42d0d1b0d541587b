// SPDX-License-Identifier: GPL-2.0
/*
 * The gate between nodes, which may stay open, and a controller, which may leave; and the
 * numbers in names.  Other subsystems keep names for as long as they have a disk open, as
 * md does in sysfs and ext4 in /proc, so that a number is free only when no node or
 * disk that has it in its name is open any more.
 */

#include <linux/slab.h>

#include "base/dev.h"
#include "base/gate.h"
#include "base/params.h"

static DEFINE_IDA(npp_instances);

/* An error pointer where there is no memory, or no number. */
struct npp_gate *npp_gate_create(struct npp_dev *dev)
{
	struct npp_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);
	int instance;

	if (!gate)
		return ERR_PTR(-ENOMEM);
	instance = npp_number_alloc(&npp_instances);
	if (instance < 0) {
		kfree(gate);
		return ERR_PTR(instance);
	}
	kref_init(&gate->kref);
	init_rwsem(&gate->lock);
	ida_init(&gate->disk_numbers);
	gate->instance = instance;
	gate->dev = dev;
	return gate;
}

/* The controller, until npp_gate_leave(); NULL if it has left. */
struct npp_dev *npp_gate_enter(struct npp_gate *gate)
{
	struct npp_dev *dev;

	down_read(&gate->lock);
	dev = gate->dev;
	if (!dev)
		up_read(&gate->lock);
	return dev;
}

/* The same without waiting for who closes it: ERR_PTR(-EAGAIN). */
struct npp_dev *npp_gate_try_enter(struct npp_gate *gate)
{
	struct npp_dev *dev;

	if (!down_read_trylock(&gate->lock))
		return ERR_PTR(-EAGAIN);
	dev = gate->dev;
	if (!dev)
		up_read(&gate->lock);
	return dev;
}

void npp_gate_leave(struct npp_gate *gate)
{
	up_read(&gate->lock);
}

/* Waits for those inside: whatever they wait for has to end without them. */
void npp_gate_close(struct npp_gate *gate)
{
	down_write(&gate->lock);
	gate->dev = NULL;
	up_write(&gate->lock);
}

void npp_gate_get(struct npp_gate *gate)
{
	kref_get(&gate->kref);
}

static void npp_gate_free(struct kref *kref)
{
	struct npp_gate *gate = container_of(kref, struct npp_gate, kref);

	ida_free(&npp_instances, gate->instance);
	ida_destroy(&gate->disk_numbers);
	kfree(gate);
}

void npp_gate_put(struct npp_gate *gate)
{
	kref_put(&gate->kref, npp_gate_free);
}

/* Context: the module's exit. */
void npp_gate_exit(void)
{
	ida_destroy(&npp_instances);
}
