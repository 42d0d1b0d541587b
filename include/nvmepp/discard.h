/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discards: what is announced to the block layer, and the list of ranges of one command.
 * The rules of core.h.
 */
#ifndef NVMEPP_DISCARD_H
#define NVMEPP_DISCARD_H

#include <nvmepp/controller.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NPP_MAX_RANGES 256
#define NPP_RANGE_BYTES 16

/* One request's, in sectors of 512 bytes and in ranges; @sectors 0: no discards. */
struct npp_discard_limits {
	u32 sectors;
	u16 ranges;
};

/*
 * What to announce.  Where the block layer merges two requests, it checks only the first bio
 * of the second one (req_attempt_discard_merge()), and takes all: half of the ranges is
 * announced, and so much that a request's bytes, which are counted in 32 bits, do not wrap.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_announce_discards(const struct npp_ctrl_info *info, u8 block_shift,
			   struct npp_discard_limits *l);

/* The ranges of one command, in a page of NPP_MAX_RANGES * NPP_RANGE_BYTES. */
struct npp_ranges {
	void *page;
	u64 blocks_left;  /* that the command may deallocate besides */
	u32 most;
	u32 count;
};

/* An empty list in @page, for a controller with these limits. */
void npp_ranges_begin(struct npp_ranges *r, void *page, const struct npp_ctrl_info *info);

/*
 * Add @blocks from @slba; false, and nothing is added: the controller does not take so many
 * ranges or blocks by one command.  To deallocate is a hint: what does not fit may be left out.
 * Context: any.  Excludes: other users of the page.  Sleeps: no.
 */
bool npp_ranges_add(struct npp_ranges *r, u64 slba, u32 blocks);

/* Clear what is behind the last range, for devices that read a whole list.  Returns the count. */
u32 npp_ranges_end(struct npp_ranges *r);

#ifdef __cplusplus
}
#endif

#endif
