// SPDX-License-Identifier: GPL-2.0
/*
 * Memory between a user's buffer and an admin command.  The user's own pages are
 * never the controller's: a command that writes more than it was said to stays
 * within the last page, and one whose waiter has left within ours.
 */

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "user/user.h"

struct npp_bounce_page {
	void *at;
	dma_addr_t dma;
};

static struct npp_bounce_page *npp_bounce_add(struct npp_dev *dev, struct npp_bounce *b)
{
	struct npp_bounce_page *page = &b->pages[b->count];

	page->at = dma_alloc_coherent(&dev->pdev->dev, b->page_bytes, &page->dma, GFP_KERNEL);
	if (!page->at)
		return NULL;
	b->count++;
	return page;
}

static int npp_bounce_add_data(struct npp_dev *dev, struct npp_bounce *b)
{
	while (b->count < b->data_pages) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!npp_bounce_add(dev, b))
			return -ENOMEM;
	}
	return 0;
}

static int npp_bounce_build_prps(struct npp_dev *dev, struct npp_bounce *b)
{
	struct npp_bounce_page *list;
	enum npp_prp_step step;
	unsigned int i;

	npp_prp_begin(&b->prp, b->data_pages * b->page_bytes, npp_ctrl_page_shift(&dev->ctrl));
	for (i = 0; i < b->data_pages; i++) {
		step = npp_prp_push(&b->prp, b->pages[i].dma, b->page_bytes);
		while (step == NPP_PRP_NEED_LIST) {
			list = npp_bounce_add(dev, b);
			if (!list)
				return -ENOMEM;
			step = npp_prp_add_list(&b->prp, list->at, list->dma);
		}
		if (WARN_ON_ONCE(step == NPP_PRP_BAD))
			return -EIO;
	}
	return WARN_ON_ONCE(!npp_prp_finish(&b->prp)) ? -EIO : 0;
}

/*
 * Zeroed pages for @bytes, at most the controller's largest transfer; one page
 * at least, so that a command which was said to move nothing has where to write.
 * Undo it by npp_bounce_free(), also when it failed.
 */
int npp_bounce_alloc(struct npp_dev *dev, struct npp_bounce *b, u32 bytes)
{
	int err;

	b->page_bytes = dev->page_bytes;
	b->data_pages = max(1u, DIV_ROUND_UP(bytes, b->page_bytes));
	b->pages = kvcalloc(b->data_pages + NPP_MAX_PRP_LISTS, sizeof(*b->pages), GFP_KERNEL);
	if (!b->pages)
		return -ENOMEM;
	err = npp_bounce_add_data(dev, b);
	return err ?: npp_bounce_build_prps(dev, b);
}

void npp_bounce_free(struct npp_dev *dev, struct npp_bounce *b)
{
	while (b->count) {
		b->count--;
		dma_free_coherent(&dev->pdev->dev, b->page_bytes, b->pages[b->count].at,
				  b->pages[b->count].dma);
	}
	kvfree(b->pages);
}

int npp_bounce_from_user(struct npp_bounce *b, struct iov_iter *from)
{
	unsigned int i;
	size_t n;

	for (i = 0; iov_iter_count(from); i++) {
		n = min_t(size_t, iov_iter_count(from), b->page_bytes);
		if (copy_from_iter(b->pages[i].at, n, from) != n)
			return -EFAULT;
	}
	return 0;
}

int npp_bounce_to_user(const struct npp_bounce *b, struct iov_iter *to)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < b->data_pages && iov_iter_count(to); i++) {
		n = min_t(size_t, iov_iter_count(to), b->page_bytes);
		if (copy_to_iter(b->pages[i].at, n, to) != n)
			return -EFAULT;
	}
	return 0;
}
