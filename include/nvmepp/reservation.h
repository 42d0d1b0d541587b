/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Persistent reservations: the commands for them, and what a controller reports of them.
 * The rules of core.h.
 */
#ifndef NVMEPP_RESERVATION_H
#define NVMEPP_RESERVATION_H

#include <nvmepp/passthrough.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a command sends: own key, and the new one or that of somebody else. */
struct npp_pr_keys {
	u64 keys[2];  /* as they lie on the wire */
};

/*
 * Register with @new_key, or replace @old_key by it; @new_key 0: unregister.  @ignore: the
 * key that is registered now does not matter.  @keep: through a power loss, which a
 * namespace can do where npp_ns_info says so.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_pr_register(u64 old_key, u64 new_key, bool ignore, bool keep,
		     struct npp_user_command *c, struct npp_pr_keys *data);

enum npp_pr_action {
	NPP_PR_RESERVE,
	NPP_PR_PREEMPT,        /* and unregister the holder of the other key */
	NPP_PR_PREEMPT_ABORT,  /* and abort its commands */
};

/*
 * Reserve for the registrant that has @key; @other: whose reservation is preempted.  @type:
 * RTYPE, 1..6, which are <uapi/linux/pr.h>'s.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_pr_acquire(enum npp_pr_action action, u64 key, u64 other, u8 type, bool ignore,
		    struct npp_user_command *c, struct npp_pr_keys *data);

/*
 * Release the reservation of @type, or clear: that and all registrations.  @key 0: the key
 * does not matter.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_pr_release(u64 key, u8 type, struct npp_user_command *c, struct npp_pr_keys *data);
void npp_pr_clear(u64 key, struct npp_user_command *c, struct npp_pr_keys *data);

#define NPP_PR_HEADER_BYTES(extended) ((extended) ? 64u : 24u)
#define NPP_PR_ENTRY_BYTES(extended) ((extended) ? 64u : 24u)
#define NPP_STATUS_HOST_ID 0x18  /* Host Identifier Inconsistent Format: the other structure */

/*
 * Report @bytes of registrants, whole dwords.  @extended: with host identifiers of 128
 * bits.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_pr_report(bool extended, u32 bytes, struct npp_user_command *c);

/* What a report says. */
struct npp_pr_summary {
	u64 holder_key;  /* type 0: none */
	u32 generation;
	u32 registrants;  /* in the report */
	u8 type;          /* 0: no reservation, or an unknown one; else 1..6 as above */
};

/*
 * Parse the @bytes of a report, a private copy: up to @capacity keys to @keys, which may be
 * NULL.  Returns 0, or NPP_EPROTO: too short for its header.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
int npp_pr_parse(const void *report, u32 bytes, bool extended, u64 *keys, u32 capacity,
		 struct npp_pr_summary *summary);

#ifdef __cplusplus
}
#endif

#endif
