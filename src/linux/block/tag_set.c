// SPDX-License-Identifier: GPL-2.0
/* What blk-mq knows of the controller's queues. */

#include <linux/blk-mq.h>
#include <linux/jiffies.h>

#include "base/params.h"
#include "block/block.h"
#include "compat/compat.h"

/*
 * Once there is an I/O queue; 0 too where there is none.
 * Context: probe, or the reset worker of a controller that had none until now.
 */
int npp_alloc_tag_set(struct npp_dev *dev)
{
	struct blk_mq_tag_set *set = &dev->tag_set;
	int err;

	if (!dev->io_queues)
		return 0;
	set->ops = &npp_mq_ops;
	set->nr_hw_queues = dev->io_queues;
	set->nr_maps = dev->poll_queues ? HCTX_MAX_TYPES : 1;
	set->queue_depth = dev->queues[1].vector_test_tag ?: dev->queues[1].tags;
	set->numa_node = dev_to_node(&dev->pdev->dev);
	set->timeout = msecs_to_jiffies(npp_params.io_timeout_ms);
	set->cmd_size = sizeof(struct npp_iod);
	set->flags = NPP_F_SHOULD_MERGE;
	set->driver_data = dev;
	err = blk_mq_alloc_tag_set(set);
	dev->has_tag_set = !err;
	return err;
}

void npp_free_tag_set(struct npp_dev *dev)
{
	if (dev->has_tag_set)
		blk_mq_free_tag_set(&dev->tag_set);
	dev->has_tag_set = false;
}
