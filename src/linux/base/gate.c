// SPDX-License-Identifier: GPL-2.0
/* The gate between nodes, which may stay open, and a controller, which may leave. */

#include <linux/slab.h>

#include "base/dev.h"
#include "base/gate.h"

struct npp_gate *npp_gate_create(struct npp_dev *dev)
{
	struct npp_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);

	if (!gate)
		return NULL;
	kref_init(&gate->kref);
	init_rwsem(&gate->lock);
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
	kfree(container_of(kref, struct npp_gate, kref));
}

void npp_gate_put(struct npp_gate *gate)
{
	kref_put(&gate->kref, npp_gate_free);
}
