/* SPDX-License-Identifier: GPL-2.0 */
/* What the driver keeps of a request, and of the tag that it has. */
#ifndef NVMEPP_REQUEST_H
#define NVMEPP_REQUEST_H

#include <linux/blk-mq.h>
#include <linux/jiffies.h>

struct npp_table;
struct npp_user_command;

/* Memory of each tag: one Dataset Management range, or as many PRPs as fit. */
#define NPP_SMALL_BYTES		32
#define NPP_SMALL_PRPS		(NPP_SMALL_BYTES / sizeof(u64))

/* What the data pointer of a request's command is made of. */
enum npp_data_ptr_type {
	NPP_DATA_PTR_PAGES,			/* at most two: dma, dma_bytes */
	NPP_DATA_PTR_SGL,			/* dma, dma_bytes */
	NPP_DATA_PTR_PRP,			/* dma, prp2 */
};

/* Of a request that was sent before, where blk-mq's RQF_DONTPREP says that it was. */
struct npp_resends {
	u8 retries : 7;			/* after errors of the controller */
	u8 was_cancelled : 1;
	u16 cancelled_at_s;		/* by the first reset: jiffies / HZ, wraps in 18 hours */
};

/*
 * One request's driver data, hot to cold: what any read or write needs comes
 * first, then what only those of many pages do, then what only a user's command does.
 */
struct npp_iod {
	struct npp_attempt {		/* since it was last sent */
		u16 status;
		u8 extended;		/* how often its timeout has been */
		bool found_by_poll;
		u8 data_ptr_type;		/* enum npp_data_ptr_type */
		u16 nr_segments;	/* of the table; a discard's ranges in it */
	} attempt;
	unsigned int dma_bytes;		/* what is mapped at dma; 0: see table */
	struct npp_resends resends;
	dma_addr_t dma;
	u64 result;			/* dwords 0 and 1 of the completion */
	struct npp_table *table;	/* NULL: nothing is mapped by it */
	dma_addr_t prp2;		/* with table */
	const struct npp_user_command *user; /* of a passthrough request; its sender's */
};

/*
 * Milliseconds since the request was started; the deadline moves with each extension.
 * Context: any.
 */
static inline unsigned int npp_age_ms(struct request *req)
{
	const struct npp_iod *iod = blk_mq_rq_to_pdu(req);
	const unsigned long started =
		req->deadline - req->timeout * (1ul + iod->attempt.extended);

	return jiffies_to_msecs(jiffies - started);
}

/* Memory of ours a tag: a request's data, what the device reads besides, the core's slot. */
#define NPP_TAG_BYTES ((unsigned int)(sizeof(struct npp_iod) + NPP_SMALL_BYTES + sizeof(u16)))

#endif
