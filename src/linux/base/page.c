// SPDX-License-Identifier: GPL-2.0
/* The page of an admin command's data, and its private copy. */

#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "base/dev.h"
#include "base/page.h"

int npp_page_alloc(struct npp_dev *dev, struct npp_page *page)
{
	dma_addr_t dma = 0;

	page->copy = kzalloc(NPP_IDENTIFY_BYTES, GFP_KERNEL);
	page->shared = dma_alloc_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES, &dma, GFP_KERNEL);
	page->dma = dma;
	if (page->copy && page->shared)
		return 0;
	npp_page_free(dev, page);
	return -ENOMEM;
}

void npp_page_free(struct npp_dev *dev, struct npp_page *page)
{
	if (page->shared)
		dma_free_coherent(&dev->pdev->dev, NPP_IDENTIFY_BYTES, page->shared, page->dma);
	kfree(page->copy);
	*page = (struct npp_page){ };
}
