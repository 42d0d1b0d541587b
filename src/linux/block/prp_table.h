/* SPDX-License-Identifier: GPL-2.0 */
/* Scatterlists and pages of PRPs, for requests of many pages: prp_table.c. */
#ifndef NVMEPP_PRP_TABLE_H
#define NVMEPP_PRP_TABLE_H

#include <linux/scatterlist.h>

#include "base/dev.h"

#define NPP_SMALL_SEGMENTS	32	/* of a small table; its list has as many entries */

struct npp_table {
	struct npp_table *next;		/* in its queue's pool */
	struct scatterlist *sg;		/* as many entries as its size has */
	void *lists[NPP_MAX_PRP_LISTS];
	dma_addr_t lists_dma[NPP_MAX_PRP_LISTS];
	u8 nr_lists;
	u8 size;			/* enum npp_table_size */
	bool kept;			/* goes back to a pool, and counts in dev->table_bytes */
	bool reserve;			/* the controller's */
};

/* Probe, remove. */
int npp_tables_init(struct npp_dev *dev);
void npp_tables_exit(struct npp_dev *dev);

/* Any context.  NULL: no memory. */
struct npp_table *npp_table_find(struct npp_hwq *q, enum npp_table_size size);
struct npp_table *npp_table_get_large(struct npp_hwq *q, unsigned int bytes);
void npp_table_keep(struct npp_hwq *q, struct npp_table *table);
void npp_table_give_back(struct npp_dev *dev, struct npp_table *table);

/* The last one that was put is found without a lock: that is all that low depths need. */
static __always_inline struct npp_table *npp_table_get(struct npp_hwq *q,
						       enum npp_table_size size)
{
	struct npp_table *table = xchg(&q->tables.last[size], NULL);

	return likely(table) ? table : npp_table_find(q, size);
}

static __always_inline void npp_table_put(struct npp_hwq *q, struct npp_table *table)
{
	if (unlikely(!table->kept)) {
		npp_table_give_back(q->dev, table);
		return;
	}
	table = xchg(&q->tables.last[table->size], table);
	if (table)
		npp_table_keep(q, table);
}

#endif
