/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A controller: its states, registers, bring-up, and the admin commands that the
 * driver sends.  The rules of core.h.
 */
#ifndef NVMEPP_CONTROLLER_H
#define NVMEPP_CONTROLLER_H

#include <nvmepp/ctrl_state.h>
#include <nvmepp/os.h>
#include <nvmepp/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NPP_IDENTIFY_BYTES 4096
#define NPP_NQN_BYTES 223      /* a subsystem's name at most, its terminating 0 included */
#define NPP_MAX_TRANSFER_BYTES (4u << 20)  /* what one request may carry, if MDTS allows */

struct npp_ctrl {
	u64 opaque[16];
};

/*
 * Where commands put what they read, and the memory it is copied to before it is parsed:
 * the device may change what it can write at any time.  NPP_IDENTIFY_BYTES each.
 */
struct npp_page {
	void *shared;  /* with the device */
	u64 dma;       /* bus address of @shared */
	void *copy;    /* aligned to 8 bytes */
};

/* What is known to be wrong with a device, whatever it says. */
#define NPP_QUIRK_NO_WRITE_ZEROES 0x1u  /* Write Zeroes is not to be used */
#define NPP_QUIRK_BOGUS_IDS 0x2u        /* namespaces' EUI64, NGUID and UUID are not unique */

/* Facts of Identify Controller and CAP that the surroundings act on. */
struct npp_ctrl_info {
	u32 max_transfer_bytes;  /* MDTS and NPP_MAX_TRANSFER_BYTES, whichever is less */
	u32 max_zeroes_bytes;    /* WZSL: one Write Zeroes, the same where not reported */
	u32 max_discard_blocks;  /* DMRSL and DMSL: all ranges together; 0: no limit */
	u32 namespaces;          /* NN */
	u32 shutdown_ms;         /* RTD3E, 0 where not reported */
	u32 async_events;        /* OAES: optional events that it can report */
	u16 vendor;
	u16 subsystem_vendor;
	u16 cntlid;
	u16 max_discard_ranges;  /* DMRL: of one command; NPP_MAX_RANGES where not reported */
	u8 kind;                 /* CNTRLTYPE: NPP_CTRL_*; 0: not reported */
	u8 volatile_write_cache;
	u8 can_discard;
	u8 can_write_zeroes;
	u8 can_reserve;          /* ONCS: reservations */
	u8 can_sgl;              /* SGLs for I/O, of any dword-aligned memory */
	u8 has_timestamp;        /* ONCS: it has the Timestamp feature */
	u8 has_effects_log;      /* LPA: Commands Supported and Effects */
	u8 has_shadow_doorbells; /* OACS: Doorbell Buffer Config */
	char serial[20 + 1];     /* trailing blanks cut, unprintable bytes replaced by '?' */
	char model[40 + 1];
	char firmware[8 + 1];
	char subnqn[NPP_NQN_BYTES]; /* the subsystem's name, printable; "": none, or too long */
	u8 serial_bytes;         /* of the two below, without trailing blanks */
	u8 model_bytes;
	u8 raw_serial[20];       /* as the controller gave them */
	u8 raw_model[40];
};

#define NPP_CTRL_IO 1
#define NPP_CTRL_DISCOVERY 2
#define NPP_CTRL_ADMIN 3

enum npp_health {
	NPP_HEALTHY,
	NPP_HEALTH_FATAL,  /* CSTS.CFS */
	NPP_HEALTH_GONE,   /* CSTS reads as all-ones */
};

/*
 * Prepare @c for @dev: read CAP and VS, choose the page size, which is the
 * smallest that the controller has, and the ready timeout (NVMe base 2.0,
 * 3.1.3.1).  @host_page_shift is the binary logarithm of the largest page whose
 * bus addresses are contiguous: the host's, or the IOMMU's.  Returns 0, NPP_ENODEV,
 * or NPP_EOPNOTSUPP.
 * Context: process.  Excludes: every other use of @c.  Sleeps: no.
 */
int npp_ctrl_init(struct npp_ctrl *c, struct npp_dev *dev, u8 host_page_shift);

/*
 * Read CAP and VS again, of a controller that is disabled after a reset: the depth, the
 * ready timeout and the version may have changed.  Returns 0, NPP_ENODEV, or
 * NPP_EOPNOTSUPP: they cannot be right, or exclude what memory was laid out for.
 * Context: process.  Excludes: every other use of @c but npp_ctrl_state().  Sleeps: no.
 */
int npp_ctrl_reread_capabilities(struct npp_ctrl *c);

/*
 * The next waits for CSTS.RDY take @ms at most, and the ready timeout at most.
 * Context: process.  Excludes: other register users.  Sleeps: no.
 */
void npp_ctrl_limit_ready(struct npp_ctrl *c, u32 ms);

/*
 * From now on the controller is taken to have these NPP_QUIRK_*.
 * Context: process.  Excludes: every other use of @c.  Sleeps: no.
 */
void npp_ctrl_set_quirks(struct npp_ctrl *c, u32 quirks);

/*
 * Entries that an I/O queue may have: CAP.MQES + 1, at most NPP_MAX_DEPTH.
 * Bytes from one doorbell to the next; binary logarithm of the page size in
 * use; milliseconds that CSTS.RDY may take.
 * Context: any.  Excludes: npp_ctrl_init().  Sleeps: no.
 */
u32 npp_ctrl_max_depth(const struct npp_ctrl *c);
u32 npp_ctrl_doorbell_stride(const struct npp_ctrl *c);
u8 npp_ctrl_page_shift(const struct npp_ctrl *c);
u32 npp_ctrl_ready_ms(const struct npp_ctrl *c);

/*
 * CC.EN = 0 and wait for CSTS.RDY = 0, at most CAP.TO and npp_ctrl_limit_ready(); CRTO
 * is for enabling.  After 0 the
 * device touches no host memory.  Also right when it was never enabled.
 * Returns 0, NPP_ENODEV, NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_disable(struct npp_ctrl *c);

/*
 * The same for a controller that has had the ready timeout for what CC.EN said last,
 * and has not done it: CC is written once more, without a wait.  NPP_ETIMEDOUT: it
 * may still touch host memory.
 * Context: process.  Excludes: other register users.  Sleeps: no.
 */
int npp_ctrl_disable_at_once(struct npp_ctrl *c);

/*
 * Program the admin queues (bus addresses, NPP_ADMIN_DEPTH entries each), set
 * CC.EN = 1 and wait for CSTS.RDY = 1, at most the ready timeout.  The
 * controller must be disabled.  Returns 0, NPP_ENODEV, NPP_EIO (CFS),
 * NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_enable(struct npp_ctrl *c, u64 asq_dma, u64 acq_dma);

/*
 * Orderly shutdown: CC.SHN = normal, wait for CSTS.SHST = complete, at most
 * @timeout_ms (base 2.0, 3.6.1).  Returns 0, NPP_ENODEV, NPP_EIO (CFS),
 * NPP_ETIMEDOUT.
 * Context: process.  Excludes: other register users.  Sleeps: yes.
 */
int npp_ctrl_shutdown(struct npp_ctrl *c, u32 timeout_ms);

/*
 * Reset the NVM subsystem, where CAP.NSSRS says that this is possible (base 2.0,
 * 3.7.1): all its controllers lose their state.  What follows is a reset of this
 * one.  Returns 0, NPP_ENODEV, NPP_EOPNOTSUPP.
 * Context: process.  Excludes: nothing.  Sleeps: no.
 */
int npp_ctrl_subsystem_reset(struct npp_ctrl *c);

/*
 * Clear the interrupt mask of pin-based and MSI interrupts (INTMC, base 2.0,
 * 3.1.3.4).
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_ctrl_unmask_interrupts(struct npp_ctrl *c);

/*
 * One read of CSTS.
 * Context: any.  Excludes: npp_ctrl_init().  Sleeps: no.
 */
enum npp_health npp_ctrl_health(const struct npp_ctrl *c);

/*
 * All of these send commands by npp_os_admin() and parse a copy of what the controller
 * wrote into @page.  They return 0 or an npp_error; what the controller did wrong has
 * been reported as an event.
 * Context: process.  Excludes: other users of @page.  Sleeps: yes.
 */
int npp_identify_ctrl(struct npp_ctrl *c, const struct npp_page *page, struct npp_ctrl_info *info);

/*
 * Do the limits of disks follow from @a as they do from @b?  Not if a transfer, Write
 * Zeroes or a discard has another limit, or the write cache another kind.
 * Context: any.  Excludes: writers of both.  Sleeps: no.
 */
bool npp_ctrl_same_limits(const struct npp_ctrl_info *a, const struct npp_ctrl_info *b);

/*
 * Ask for @wanted I/O queue pairs (1..65535).  @granted receives what the
 * controller allows, 0..@wanted: 0 when it refuses the command, as controllers
 * do that are alive but have lost their namespaces.
 */
int npp_set_queue_count(struct npp_ctrl *c, u16 wanted, u16 *granted);

/*
 * The time for which the controller may hold back an interrupt to gather
 * completions, in microseconds; 0 if it does not, or does not say (base 2.0,
 * 5.27.1.6).
 */
int npp_get_coalescing(struct npp_ctrl *c, u32 *time_us);

/*
 * Set the controller's clock, @now_ms milliseconds since 1970, if it has the feature
 * (ONCS): its logs are dated by that, and a reset has set it to 0.  @page is written.
 * Returns 0, also if it refuses, or a negative error when no answer came.
 */
int npp_set_timestamp(struct npp_ctrl *c, const struct npp_ctrl_info *info,
		      const struct npp_page *page, u64 now_ms);

/*
 * Have the controller take shadow doorbells for I/O queues 1..@io_queues, which do not
 * exist yet: QEMU (7.2 to 11.1) forgets the event index of those that do, and would never
 * be rung again.  @dma: a page of NPP_SHADOW_BYTES for doorbells and one behind it for event
 * indices, all zeroes; they are its own until it is disabled.  @taken: they are to be used.
 * Not where it does not know them (OACS), refuses, or has pages or doorbells of another
 * size than controllers made of software have.
 * Returns 0, or a negative error when no answer came.
 */
int npp_set_doorbell_buffers(struct npp_ctrl *c, const struct npp_ctrl_info *info, u32 io_queues,
			     u64 dma, bool *taken);

/*
 * Create the completion queue and then the submission queue @qid, both of
 * @depth entries, physically contiguous; completions interrupt by @vector, or not
 * at all.
 */
#define NPP_NO_VECTOR 0xffff /* there are 2048 at most */
int npp_create_queues(struct npp_ctrl *c, u16 qid, u16 depth, u64 sq_dma, u64 cq_dma, u16 vector);

/* Delete the submission queue and then the completion queue @qid. */
int npp_delete_queues(struct npp_ctrl *c, u16 qid);

/*
 * Active namespaces above @after, ascending (base 2.0, CNS 02h).  At most
 * @capacity ids go to @nsids; @count receives how many.  Ids out of order end
 * the list.  Controllers without CNS 02h: 1..NN is answered instead.
 */
int npp_list_namespaces(struct npp_ctrl *c, u32 after, const struct npp_page *page, u32 *nsids,
			u32 capacity, u32 *count);

/* Kinds of namespace identifiers: descriptor types of base 2.0, 5.17.2.3. */
#define NPP_ID_EUI64 1
#define NPP_ID_NGUID 2
#define NPP_ID_UUID 3

/* What identifies a namespace worldwide; all zeroes: it has none. */
struct npp_ns_ids {
	u8 uuid[16];
	u8 nguid[16];
	u8 eui64[8];
};

/* What the disk of a namespace needs to know. */
struct npp_ns_info {
	u64 blocks;              /* NSZE, in logical blocks */
	u64 blocks_used;         /* NUSE: what the device reports; nothing relies on it */
	u32 nsid;
	u32 write_granularity;   /* NPWG, in blocks; 0: not reported */
	u32 optimal_write;       /* NOWS, likewise */
	u16 metadata_bytes;      /* of a block */
	u8 command_set;
	u8 block_shift;          /* 9 .. page shift */
	u8 read_only;            /* NSATTR: currently write protected */
	u8 zeroes_on_deallocate; /* DLFEAT: deallocated blocks read as zeroes, DEAC works */
	u8 keeps_reservations;   /* RESCAP: through a power loss, where asked to */
	struct npp_ns_ids ids;
};

/*
 * The kind of identifier by which a namespace is known: UUID before NGUID before
 * EUI64; 0: it has none.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u8 npp_ns_best_id(const struct npp_ns_ids *ids);

/*
 * Blocks of 2^@block_shift bytes (9..) in @sectors of 512 bytes from @sector on; 0 if
 * those are not whole blocks, which no command can name.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_whole_blocks(u64 sector, u32 sectors, u8 block_shift);
#define NPP_MAX_BLOCKS 65536u  /* in one command: a 0's based count of 16 bits */

/*
 * Geometry of namespace @nsid.  NPP_EOPNOTSUPP or NPP_EPROTO: this namespace is
 * not served (reason reported as an event), the others are not concerned.
 * NPP_EINVAL: not active.
 */
int npp_identify_ns(struct npp_ctrl *c, u32 nsid, const struct npp_page *page,
		    struct npp_ns_info *info);

/* Only how many of its blocks are in use (NUSE). */
int npp_read_blocks_used(struct npp_ctrl *c, u32 nsid, const struct npp_page *page, u64 *blocks);

#ifdef __cplusplus
}
#endif

#endif
