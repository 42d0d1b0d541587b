// SPDX-License-Identifier: GPL-2.0
/*
 * What a request of many pages needs besides its command: a scatterlist, and pages
 * of PRPs.  Each queue keeps one such table that was last used, with its first list:
 * the next request finds both at hand.
 */

#include <linux/dmapool.h>
#include <linux/mempool.h>

#include "block/block.h"
#include "block/prp_table.h"

/* One table is always there; lists are not, and a request without one is sent again. */
int npp_tables_init(struct npp_dev *dev)
{
	dev->table_pool = mempool_create_kmalloc_pool(1, sizeof(struct npp_table));
	dev->sg_pool = mempool_create_kmalloc_pool(1, NPP_MAX_SEGMENTS *
						   sizeof(struct scatterlist));
	dev->prp_pool = dma_pool_create("nvmepp prp", &dev->pdev->dev, dev->page_bytes,
					dev->page_bytes, 0);
	return dev->table_pool && dev->sg_pool && dev->prp_pool ? 0 : -ENOMEM;
}

/* Every queue's spare one has been freed.  Idempotent. */
void npp_tables_exit(struct npp_dev *dev)
{
	mempool_destroy(dev->table_pool);
	mempool_destroy(dev->sg_pool);
	dma_pool_destroy(dev->prp_pool);
	dev->table_pool = NULL;
	dev->sg_pool = NULL;
	dev->prp_pool = NULL;
}

static void npp_table_trim(struct npp_dev *dev, struct npp_table *table, unsigned int lists)
{
	while (table->nr_lists > lists) {
		const unsigned int n = --table->nr_lists;

		dma_pool_free(dev->prp_pool, table->lists[n], table->lists_dma[n]);
	}
}

void npp_table_free(struct npp_dev *dev, struct npp_table *table)
{
	if (!table)
		return;
	npp_table_trim(dev, table, 0);
	mempool_free(table->sg, dev->sg_pool);
	mempool_free(table, dev->table_pool);
}

/* The pool's only one may be lying about as another queue's spare one. */
static struct npp_table *npp_table_borrow(struct npp_dev *dev)
{
	struct npp_table *table = NULL;
	unsigned int qid;

	for (qid = 1; !table && qid <= dev->allocated_queues; qid++)
		table = xchg(&dev->queues[qid].spare, NULL);
	return table;
}

static struct npp_table *npp_table_make(struct npp_dev *dev)
{
	struct npp_table *table = mempool_alloc(dev->table_pool, GFP_ATOMIC);

	if (!table)
		return NULL;
	table->nr_lists = 0;
	table->sg = mempool_alloc(dev->sg_pool, GFP_ATOMIC);
	if (table->sg)
		return table;
	mempool_free(table, dev->table_pool);
	return NULL;
}

/* Where the queue has none to spare.  NULL: no memory. */
struct npp_table *npp_table_alloc(struct npp_dev *dev)
{
	return npp_table_make(dev) ?: npp_table_borrow(dev);
}

/* Too large a table to be kept: what is more than one list goes back. */
void npp_table_put_large(struct npp_hwq *q, struct npp_table *table)
{
	npp_table_trim(q->dev, table, 1);
	npp_table_put(q, table);
}

/* The list after those that the table has; false: no memory. */
bool npp_table_grow(struct npp_dev *dev, struct npp_table *table)
{
	const unsigned int n = table->nr_lists;

	if (WARN_ON_ONCE(n == NPP_MAX_PRP_LISTS))
		return false;
	table->lists[n] = dma_pool_alloc(dev->prp_pool, GFP_ATOMIC, &table->lists_dma[n]);
	if (!table->lists[n])
		return false;
	table->nr_lists++;
	return true;
}
