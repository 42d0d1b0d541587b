// SPDX-License-Identifier: GPL-2.0
/* What a request needs before it becomes a command, where that is more than mapping its data. */

#include <linux/blkdev.h>

#include <nvmepp/discard.h>

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
 * A bio is a range of whole blocks.  There may be more than one command takes: requests were
 * merged, or a reset has changed the limit.  They are left out, as a hint may be.
 */
static bool npp_add_ranges(const struct npp_ns *ns, struct request *req,
			   struct npp_ranges *ranges)
{
	struct bio *bio;

	__rq_for_each_bio(bio, req) {
		const sector_t sector = bio->bi_iter.bi_sector;
		const u32 blocks = npp_whole_blocks(sector, bio_sectors(bio),
						    ns->info.block_shift);

		if (!blocks)
			return false;
		if (!npp_ranges_add(ranges, sector >> ns->sector_shift, blocks))
			break;
	}
	return ranges->count;
}

/*
 * The ranges fill the first PRP page of a table whose scatterlist is unused.  There is a
 * whole page: upstream has met devices that read one whatever the count is.
 */
static blk_status_t npp_prepare_ranges(struct npp_hwq *q, const struct npp_ns *ns,
				       struct request *req)
{
	struct npp_table *table = npp_table_get(q, NPP_TABLE_LARGE);
	struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	struct npp_ranges ranges;

	if (!table)
		return BLK_STS_RESOURCE;
	npp_ranges_begin(&ranges, table->lists[0], &q->dev->info);
	if (!npp_add_ranges(ns, req, &ranges)) {
		npp_table_put(q, table);
		return BLK_STS_IOERR;
	}
	iod->table = table;
	iod->prp2 = table->lists_dma[0];
	iod->attempt.nr_segments = npp_ranges_end(&ranges);
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
