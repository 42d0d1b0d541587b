/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data pointers: physical region pages (PRP).  The rules of core.h.
 */
#ifndef NVMEPP_PRP_H
#define NVMEPP_PRP_H

#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NPP_MAX_PRP_LISTS 3    /* list pages that NPP_MAX_TRANSFER_BYTES can take */

/* The data pointer of one command, built segment by segment. */
struct npp_prp {
	u64 prp1;
	u64 prp2;
	u64 *list;           /* the list page being filled */
	u64 next;            /* where the current segment goes on */
	u32 segment_bytes;   /* what is left of the current segment */
	u32 total_bytes;     /* what is left of the transfer */
	u16 index;           /* next entry of @list */
	u8 page_shift;
	u8 started;
};

enum npp_prp_step {
	NPP_PRP_NEXT,       /* give the next segment, or finish when there is none */
	NPP_PRP_NEED_LIST,  /* give a list page by npp_prp_add_list() */
	NPP_PRP_BAD,        /* segments that PRPs cannot describe, or more than was announced */
};

/*
 * How segments lie in an array of the caller's, @stride bytes apart: in each the
 * bus address, a u64 @addr bytes from its start, and the length, a u32 @length
 * bytes from its start.  The controller's pages have 2^@page_shift bytes.
 */
struct npp_segment_layout {
	u16 stride;
	u8 addr;
	u8 length;
	u8 page_shift;
};

/*
 * Begin a transfer of @bytes (1..NPP_MAX_TRANSFER_BYTES); push the segments in
 * order; supply zeroed or dirty list pages, page-aligned, when asked; finish.
 * Every segment but the first starts on a page, every one but the last ends on
 * one (base 2.0, 4.3.1).  npp_prp_finish() is true if the segments amounted to
 * exactly @bytes.
 * Context: any.  Excludes: other users of @p.  Sleeps: no.
 */
void npp_prp_begin(struct npp_prp *p, u32 bytes, u8 page_shift);
enum npp_prp_step npp_prp_push(struct npp_prp *p, u64 addr, u32 bytes);
enum npp_prp_step npp_prp_add_list(struct npp_prp *p, u64 *list, u64 list_dma);
bool npp_prp_finish(const struct npp_prp *p);

/*
 * A finished transfer whose length the controller may take for more than @bytes: the
 * excess goes to the page @sink_dma, through @list, a page of entries at @list_dma, which
 * no other command uses.  No effect where data has the place of the next pointer, as in
 * transfers of exactly two pages (PRP2), or with a last list that is full.
 * Context: any.  Excludes: other users of @p and @list.  Sleeps: no.
 */
void npp_prp_guard(struct npp_prp *p, u64 *list, u64 list_dma, u64 sink_dma);

/*
 * The same at once for @count segments, three or more, of an array: PRP1 is where
 * the first one begins, PRP2 the bus address of @list, which has room for as many
 * entries as @bytes are pages, rounded up.  False if PRPs cannot describe them, they
 * do not amount to @bytes, or those are more than a page of entries reaches.
 * Context: any.  Excludes: other users of @list.  Sleeps: no.
 */
bool npp_prp_one_list(const void *segments, u32 count, const struct npp_segment_layout *layout,
		      u32 bytes, u64 *list);
#define NPP_PRP_LIST_REACH(page_shift) (1u << (2 * (page_shift) - 3))

#ifdef __cplusplus
}
#endif

#endif
