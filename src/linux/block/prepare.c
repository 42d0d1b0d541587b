// SPDX-License-Identifier: GPL-2.0
/* What a request needs before it becomes a command, where that is more than mapping its data. */

#include <linux/blkdev.h>

#include "base/request.h"
#include "block/block.h"
#include "block/dma.h"
#include "block/prp_table.h"

/*
 * The block layer submits whole blocks only, but for I/O that has waited while a Format
 * made the blocks larger: 6.1 checks it before it waits.  Part of a block would be read
 * or written elsewhere; less than one would be 65,536, as a 0's based count.
 */
static bool npp_has_whole_blocks(const struct npp_ns *ns, struct request *req)
{
	const u32 blocks = npp_whole_blocks(blk_rq_pos(req), blk_rq_sectors(req),
					    ns->info.block_shift);

	if (ns->blocks_unknown)
		return false;
	/* A range to discard has a count of 32 bits. */
	return blocks && (blocks <= NPP_MAX_BLOCKS || req_op(req) == REQ_OP_DISCARD);
}

static noinline blk_status_t npp_prepare_checked_rw(struct npp_hwq *q, const struct npp_ns *ns,
						    struct request *req)
{
	if (!npp_has_whole_blocks(ns, req))
		return BLK_STS_IOERR;
	if (blk_rq_bytes(req) > q->dev->info.max_transfer_bytes)
		return NPP_STS_TOO_LONG;
	if (ns->force_fua && op_is_write(req_op(req)))
		req->cmd_flags |= REQ_FUA;
	return npp_map_data(q, req);
}

/*
 * A bio is a range of whole blocks.  Returns false where one is not.  To deallocate is a
 * hint: ranges beyond @count, and blocks beyond what one command takes, are left out.
 */
static bool npp_fill_ranges(const struct npp_ns *ns, struct request *req, void *page,
			    u64 most_blocks, unsigned int *count)
{
	u64 left = most_blocks;
	unsigned int n = 0;
	struct bio *bio;

	__rq_for_each_bio(bio, req) {
		const sector_t sector = bio->bi_iter.bi_sector;
		const u32 blocks = npp_whole_blocks(sector, bio_sectors(bio),
						    ns->info.block_shift);

		if (!blocks)
			return false;
		if (n == *count || blocks > left)
			break;
		npp_set_range(page, n++, sector >> ns->sector_shift, blocks);
		left -= blocks;
	}
	*count = n;
	return n;
}

/*
 * The ranges fill the first PRP page of a table whose scatterlist is unused.  There is a
 * whole page, zero behind them: upstream has met devices that read one whatever the count is.
 */
static blk_status_t npp_prepare_ranges(struct npp_hwq *q, const struct npp_ns *ns,
				       struct request *req)
{
	const struct npp_ctrl_info *info = &q->dev->info;
	/* There may be more: requests were merged, or a reset has changed the limit. */
	unsigned int count = min_t(unsigned int, blk_rq_nr_discard_segments(req),
				   info->max_discard_ranges);
	const u64 most_blocks = info->max_discard_blocks ?: U64_MAX;
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_table *table;

	table = npp_table_get(q, NPP_TABLE_LARGE);
	if (!table)
		return BLK_STS_RESOURCE;
	if (!npp_fill_ranges(ns, req, table->lists[0], most_blocks, &count)) {
		npp_table_put(q, table);
		return BLK_STS_IOERR;
	}
	memset(table->lists[0] + count * NPP_RANGE_BYTES, 0,
	       (NPP_MAX_RANGES - count) * NPP_RANGE_BYTES);
	iod->table = table;
	iod->prp2 = table->lists_dma[0];
	iod->attempt.nr_segments = count;
	return BLK_STS_OK;
}

static noinline blk_status_t npp_prepare_checked_discard(struct npp_hwq *q, const struct npp_ns *ns,
							 struct request *req)
{
	if (!q->dev->info.can_discard)
		return BLK_STS_NOTSUPP;	/* any more: ns_update.c follows */
	if (blk_rq_nr_discard_segments(req) == 1)
		return npp_has_whole_blocks(ns, req) ? BLK_STS_OK : BLK_STS_IOERR;
	return ns->blocks_unknown ? BLK_STS_IOERR : npp_prepare_ranges(q, ns, req);
}

/* Whole blocks are checked as of reads and writes; so are limits, which may have changed. */
static __always_inline blk_status_t npp_prepare_discard(struct npp_hwq *q, const struct npp_ns *ns,
							struct request *req)
{
	if (likely(ns->unchecked_ops != NPP_UNCHECKED_NONE &&
		   blk_rq_nr_discard_segments(req) == 1))
		return BLK_STS_OK;
	return npp_prepare_checked_discard(q, ns, req);
}

static noinline blk_status_t npp_prepare_zeroes(struct npp_hwq *q, const struct npp_ns *ns,
						struct request *req)
{
	if (!q->dev->info.can_write_zeroes)
		return BLK_STS_NOTSUPP;	/* any more: ns_update.c follows */
	return npp_has_whole_blocks(ns, req) ? BLK_STS_OK : BLK_STS_IOERR;
}

static noinline blk_status_t npp_prepare_user(struct npp_hwq *q, const struct npp_ns *ns,
					      struct request *req)
{
	/* What the command moves was judged by blocks that may not be these. */
	if (ns->blocks_unknown)
		return BLK_STS_IOERR;
	return req->bio ? npp_map_data(q, req) : BLK_STS_OK;
}

/*
 * All but reads and writes; those too, of a disk whose blocks have become larger, or
 * whose controller has other limits since a reset.
 * Context: as npp_prepare() in blk.c.
 */
blk_status_t npp_prepare_other(struct npp_hwq *q, const struct npp_ns *ns, struct request *req)
{
	switch (req_op(req)) {
	case REQ_OP_FLUSH:
		return BLK_STS_OK;
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return npp_prepare_checked_rw(q, ns, req);
	case REQ_OP_DISCARD:
		return npp_prepare_discard(q, ns, req);
	case REQ_OP_WRITE_ZEROES:
		return npp_prepare_zeroes(q, ns, req);
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		return npp_prepare_user(q, ns, req);
	default:
		return BLK_STS_NOTSUPP;
	}
}
