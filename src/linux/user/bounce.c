// SPDX-License-Identifier: GPL-2.0
/*
 * Memory between a user's buffer and an admin command.  The user's own pages are never
 * the controller's.  Pages of data belong to the command, not to the device: they are
 * filled and read without the gate, since a user's memory may make that wait; mapped for
 * the device, with the lists of PRPs, they are only inside.
 *
 * Of a command whose length only the user knows, what is beyond the data's last page
 * goes to a page that is not read: up to one more page if the data is one page, any
 * number if it is more than two.  With two pages PRP2 is the second of them, and a
 * controller that has its own idea of the length takes data for a list.
 */

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "user/user.h"

struct npp_bounce_page {
	void *at;
	dma_addr_t dma;
};

#define NPP_GUARD_TABLES	2	/* a list, and the page that its entries lead to */

static int npp_bounce_add_data(struct npp_bounce *b)
{
	while (b->data_pages < DIV_ROUND_UP(b->bytes, PAGE_SIZE)) {
		struct npp_bounce_page *page = &b->data[b->data_pages];

		if (fatal_signal_pending(current))
			return -EINTR;
		page->at = (void *)get_zeroed_page(GFP_KERNEL);
		if (!page->at)
			return -ENOMEM;
		b->data_pages++;
	}
	return 0;
}

/*
 * Zeroed pages for @bytes, at most NPP_MAX_TRANSFER_BYTES; one page at least, so that a
 * command which was said to move nothing has where to write.  Undo it by
 * npp_bounce_free(), also when it failed.
 */
int npp_bounce_alloc(struct npp_bounce *b, u32 bytes)
{
	b->bytes = max(bytes, 1u);
	b->data = kvcalloc(DIV_ROUND_UP(b->bytes, PAGE_SIZE), sizeof(*b->data), GFP_KERNEL);
	return b->data ? npp_bounce_add_data(b) : -ENOMEM;
}

void npp_bounce_free(struct npp_bounce *b)
{
	while (b->data_pages)
		free_page((unsigned long)b->data[--b->data_pages].at);
	kvfree(b->data);
}

int npp_bounce_from_user(struct npp_bounce *b, struct iov_iter *from)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < b->data_pages && iov_iter_count(from); i++) {
		n = min_t(size_t, iov_iter_count(from), PAGE_SIZE);
		if (copy_from_iter(b->data[i].at, n, from) != n)
			return -EFAULT;
	}
	return 0;
}

int npp_bounce_to_user(const struct npp_bounce *b, struct iov_iter *to)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < b->data_pages && iov_iter_count(to); i++) {
		n = min_t(size_t, iov_iter_count(to), PAGE_SIZE);
		if (copy_to_iter(b->data[i].at, n, to) != n)
			return -EFAULT;
	}
	return 0;
}

static struct npp_bounce_page *npp_bounce_add_table(struct npp_dev *dev, struct npp_bounce *b)
{
	struct npp_bounce_page *page = &b->tables[b->table_count];

	page->at = dma_alloc_coherent(&dev->pdev->dev, dev->page_bytes, &page->dma, GFP_KERNEL);
	if (!page->at)
		return NULL;
	b->table_count++;
	return page;
}

static int npp_bounce_map_data(struct npp_dev *dev, struct npp_bounce *b)
{
	for (; b->mapped < b->data_pages; b->mapped++) {
		struct npp_bounce_page *page = &b->data[b->mapped];

		page->dma = dma_map_single(&dev->pdev->dev, page->at, PAGE_SIZE,
					   DMA_BIDIRECTIONAL);
		if (dma_mapping_error(&dev->pdev->dev, page->dma))
			return -ENOMEM;
	}
	return 0;
}

static int npp_bounce_build_prps(struct npp_dev *dev, struct npp_bounce *b)
{
	const u32 bytes = round_up(b->bytes, dev->page_bytes);
	struct npp_bounce_page *list;
	enum npp_prp_step step;
	unsigned int i;

	npp_prp_begin(&b->prp, bytes, npp_ctrl_page_shift(&dev->ctrl));
	for (i = 0; i < b->data_pages; i++) {
		step = npp_prp_push(&b->prp, b->data[i].dma,
				    min_t(u32, bytes - i * PAGE_SIZE, PAGE_SIZE));
		while (step == NPP_PRP_NEED_LIST) {
			list = npp_bounce_add_table(dev, b);
			if (!list)
				return -ENOMEM;
			step = npp_prp_add_list(&b->prp, list->at, list->dma);
		}
		if (WARN_ON_ONCE(step == NPP_PRP_BAD))
			return -EIO;
	}
	return WARN_ON_ONCE(!npp_prp_finish(&b->prp)) ? -EIO : 0;
}

static int npp_bounce_add_guard(struct npp_dev *dev, struct npp_bounce *b)
{
	struct npp_bounce_page *list = npp_bounce_add_table(dev, b);
	struct npp_bounce_page *sink = list ? npp_bounce_add_table(dev, b) : NULL;

	if (!sink)
		return -ENOMEM;
	npp_prp_guard(&b->prp, list->at, list->dma, sink->dma);
	return 0;
}

/*
 * For the device: b->prp is the data pointer.  @guarded: the command may move more than it
 * was said to.  Undo it by npp_bounce_unmap(), also when it failed.
 * Context: inside the gate, the controller's page size known.
 */
int npp_bounce_map(struct npp_dev *dev, struct npp_bounce *b, bool guarded)
{
	int err;

	b->tables = kcalloc(NPP_MAX_PRP_LISTS + NPP_GUARD_TABLES, sizeof(*b->tables), GFP_KERNEL);
	if (!b->tables)
		return -ENOMEM;
	err = npp_bounce_map_data(dev, b);
	if (!err)
		err = npp_bounce_build_prps(dev, b);
	if (!err && guarded)
		err = npp_bounce_add_guard(dev, b);
	return err;
}

void npp_bounce_unmap(struct npp_dev *dev, struct npp_bounce *b)
{
	while (b->mapped)
		dma_unmap_single(&dev->pdev->dev, b->data[--b->mapped].dma, PAGE_SIZE,
				 DMA_BIDIRECTIONAL);
	while (b->table_count) {
		b->table_count--;
		dma_free_coherent(&dev->pdev->dev, dev->page_bytes, b->tables[b->table_count].at,
				  b->tables[b->table_count].dma);
	}
	kfree(b->tables);
	b->tables = NULL;
}
