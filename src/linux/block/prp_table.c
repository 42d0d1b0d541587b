// SPDX-License-Identifier: GPL-2.0
/*
 * What a request of many pages needs besides its command: a scatterlist, and pages
 * of PRPs.  A queue keeps the tables that its requests have needed at a time, so that
 * the next ones find theirs at hand; what a controller's queues keep has a limit.
 */

#include <linux/dmapool.h>
#include <linux/slab.h>

#include "block/prp_table.h"

/* Of a controller's queues: some 3000 small tables. */
#define NPP_MOST_TABLE_BYTES	(4l << 20)
#define NPP_SMALL_LIST_BYTES	(NPP_SMALL_SEGMENTS * sizeof(u64))

static const struct {
	u16 segments;
	u16 lists;
} npp_table_sizes[NPP_TABLE_SIZES] = {
	[NPP_TABLE_SMALL] = { NPP_SMALL_SEGMENTS, 1 },
	[NPP_TABLE_LARGE] = { NPP_MAX_SEGMENTS, 1 },
	[NPP_TABLE_LONG] = { NPP_MAX_SEGMENTS, NPP_MAX_PRP_LISTS },
};

static struct dma_pool *npp_list_pool(const struct npp_dev *dev, enum npp_table_size size)
{
	return size == NPP_TABLE_SMALL ? dev->small_list_pool : dev->list_pool;
}

static long npp_table_bytes(const struct npp_dev *dev, enum npp_table_size size)
{
	const size_t list = size == NPP_TABLE_SMALL ? NPP_SMALL_LIST_BYTES : dev->page_bytes;

	return sizeof(struct npp_table) + npp_table_sizes[size].lists * list +
	       npp_table_sizes[size].segments * sizeof(struct scatterlist);
}

static void npp_table_free(struct npp_dev *dev, struct npp_table *table)
{
	if (!table)
		return;
	while (table->nr_lists) {
		const unsigned int n = --table->nr_lists;

		dma_pool_free(npp_list_pool(dev, table->size), table->lists[n],
			      table->lists_dma[n]);
	}
	kfree(table->sg);
	kfree(table);
}

static bool npp_table_fill(struct npp_dev *dev, struct npp_table *table, gfp_t gfp)
{
	const unsigned int segments = npp_table_sizes[table->size].segments;
	unsigned int n;

	table->sg = kmalloc_array(segments, sizeof(*table->sg), gfp);
	if (!table->sg)
		return false;
	sg_init_table(table->sg, segments);
	for (n = 0; n < npp_table_sizes[table->size].lists; n++) {
		table->lists[n] = dma_pool_alloc(npp_list_pool(dev, table->size), gfp,
						 &table->lists_dma[n]);
		if (!table->lists[n])
			return false;
		table->nr_lists++;
	}
	return true;
}

static struct npp_table *npp_table_make(struct npp_dev *dev, enum npp_table_size size, gfp_t gfp)
{
	struct npp_table *table = kzalloc(sizeof(*table), gfp);

	if (!table)
		return NULL;
	table->size = size;
	if (npp_table_fill(dev, table, gfp))
		return table;
	npp_table_free(dev, table);
	return NULL;
}

/* May it be kept, by what is kept already?  Then it counts. */
static bool npp_table_count(struct npp_dev *dev, const struct npp_table *table)
{
	const long bytes = npp_table_bytes(dev, table->size);

	if (atomic_long_add_return(bytes, &dev->table_bytes) <= NPP_MOST_TABLE_BYTES)
		return true;
	atomic_long_sub(bytes, &dev->table_bytes);
	return false;
}

/*
 * Where the queue has none.  Without memory there is the controller's reserve:
 * a request without a table is sent again, and finds it there once the one that has it ends.
 * Memory for emergencies is left to those who have nothing to fall back on.
 */
static struct npp_table *npp_table_alloc(struct npp_dev *dev, enum npp_table_size size)
{
	struct npp_table *table =
		npp_table_make(dev, size, GFP_ATOMIC | __GFP_NOMEMALLOC | __GFP_NOWARN);

	if (!table)
		return xchg(&dev->reserve_table, NULL);
	atomic_long_inc(&dev->table_allocations);
	table->kept = npp_table_count(dev, table);
	return table;
}

/* Beside the last one. */
struct npp_table *npp_table_find(struct npp_hwq *q, enum npp_table_size size)
{
	struct npp_table_pool *pool = &q->tables;
	struct npp_table *table;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	table = pool->unused[size];
	if (table)
		pool->unused[size] = table->next;
	spin_unlock_irqrestore(&pool->lock, flags);
	return table ?: npp_table_alloc(q->dev, size);
}

/* For any segments of that many bytes. */
struct npp_table *npp_table_get_large(struct npp_hwq *q, unsigned int bytes)
{
	const u8 page_shift = q->dev->segment_layout.page_shift;

	return npp_table_get(q, bytes <= NPP_PRP_LIST_REACH(page_shift) ? NPP_TABLE_LARGE :
									  NPP_TABLE_LONG);
}

void npp_table_keep(struct npp_hwq *q, struct npp_table *table)
{
	struct npp_table_pool *pool = &q->tables;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	table->next = pool->unused[table->size];
	pool->unused[table->size] = table;
	spin_unlock_irqrestore(&pool->lock, flags);
}

/* The reserve, or one too many. */
void npp_table_give_back(struct npp_dev *dev, struct npp_table *table)
{
	if (table->reserve)
		xchg(&dev->reserve_table, table);
	else
		npp_table_free(dev, table);
}

int npp_tables_init(struct npp_dev *dev)
{
	struct device *dma = &dev->pdev->dev;

	dev->small_list_pool = dma_pool_create("nvmepp small prp", dma, NPP_SMALL_LIST_BYTES,
					       NPP_SMALL_LIST_BYTES, 0);
	dev->list_pool = dma_pool_create("nvmepp prp", dma, dev->page_bytes, dev->page_bytes, 0);
	if (!dev->small_list_pool || !dev->list_pool)
		return -ENOMEM;
	dev->reserve_table = npp_table_make(dev, NPP_TABLE_LONG, GFP_KERNEL);
	if (!dev->reserve_table)
		return -ENOMEM;
	dev->reserve_table->reserve = true;
	return 0;
}

static void npp_pool_drain(struct npp_dev *dev, struct npp_table_pool *pool)
{
	struct npp_table *table;
	unsigned int size;

	for (size = 0; size < NPP_TABLE_SIZES; size++) {
		npp_table_free(dev, pool->last[size]);
		pool->last[size] = NULL;
		while ((table = pool->unused[size])) {
			pool->unused[size] = table->next;
			npp_table_free(dev, table);
		}
	}
}

/* No request has a table any more.  Idempotent. */
void npp_tables_exit(struct npp_dev *dev)
{
	unsigned int qid;

	for (qid = 0; dev->queues && qid <= dev->allocated_queues; qid++)
		npp_pool_drain(dev, &dev->queues[qid].tables);
	npp_table_free(dev, dev->reserve_table);
	dev->reserve_table = NULL;
	dma_pool_destroy(dev->list_pool);
	dma_pool_destroy(dev->small_list_pool);
	dev->list_pool = NULL;
	dev->small_list_pool = NULL;
}
