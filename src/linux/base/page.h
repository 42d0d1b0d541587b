/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that admin commands read into, with the private copy that the core parses. */
#ifndef NVMEPP_PAGE_H
#define NVMEPP_PAGE_H

#include <nvmepp/controller.h>

struct npp_dev;

/* Process context, sleep.  _alloc() returns 0 or -ENOMEM; _free() also takes one that failed. */
int npp_page_alloc(struct npp_dev *dev, struct npp_page *page);
void npp_page_free(struct npp_dev *dev, struct npp_page *page);

#endif
