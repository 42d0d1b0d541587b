/* SPDX-License-Identifier: GPL-2.0 */
/* Scatterlists and pages of PRPs, for requests of many pages: prp_table.c. */
#ifndef NVMEPP_PRP_TABLE_H
#define NVMEPP_PRP_TABLE_H

#include <linux/scatterlist.h>

#include "base/dev.h"
#include "block/block.h"

struct npp_table {
	struct scatterlist *sg;		/* NPP_MAX_SEGMENTS */
	void *lists[NPP_MAX_PRP_LISTS];
	dma_addr_t lists_dma[NPP_MAX_PRP_LISTS];
	unsigned int nr_lists;		/* that are allocated */
};

/* Any context, but for the first two: probe, remove. */
struct npp_table *npp_table_alloc(struct npp_dev *dev);
int npp_tables_init(struct npp_dev *dev);
void npp_tables_exit(struct npp_dev *dev);
void npp_table_put_large(struct npp_hwq *q, struct npp_table *table);
bool npp_table_grow(struct npp_dev *dev, struct npp_table *table);

/* NULL: no memory. */
static __always_inline struct npp_table *npp_table_get(struct npp_hwq *q)
{
	struct npp_table *table = xchg(&q->spare, NULL);

	return likely(table) ? table : npp_table_alloc(q->dev);
}

static __always_inline void npp_table_put(struct npp_hwq *q, struct npp_table *table)
{
	if (unlikely(table->nr_lists > 1)) {
		npp_table_put_large(q, table);
		return;
	}
	table = xchg(&q->spare, table);
	if (unlikely(table))
		npp_table_free(q->dev, table);
}

/* The table's list @n, of which there are at least as many; false: no memory. */
static __always_inline bool npp_table_need(struct npp_dev *dev, struct npp_table *table,
					   unsigned int n)
{
	return likely(n < table->nr_lists) || npp_table_grow(dev, table);
}

#endif
