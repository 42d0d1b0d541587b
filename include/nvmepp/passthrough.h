/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Commands from user space: what may be sent, who may send it, and what the
 * driver has to do afterwards.  The same rules as in core.h.
 */
#ifndef NVMEPP_PASSTHROUGH_H
#define NVMEPP_PASSTHROUGH_H

#include <nvmepp/controller.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A command as the user words it; the pointer to its data is the caller's affair. */
struct npp_user_command {
	u32 nsid;
	u32 cdw2;
	u32 cdw3;
	u32 cdw10;
	u32 cdw11;
	u32 cdw12;
	u32 cdw13;
	u32 cdw14;
	u32 cdw15;
	u32 data_bytes;
	u8 opcode;
	u8 admin;        /* for the admin queue; else of the NVM command set */
	u8 block_shift;  /* of the namespace; 0 where there is none */
	u8 reserved;
};

/* Who asks, and by which way. */
struct npp_user_rights {
	bool privileged;  /* CAP_SYS_ADMIN */
	bool partition;   /* by the node of a partition */
	bool may_write;   /* by a node that was opened for writing */
};

enum npp_user_verdict {
	NPP_USER_SEND,
	NPP_USER_FORBIDDEN,    /* not with these rights */
	NPP_USER_DRIVERS_OWN,  /* leaves memory with the controller, or never ends */
	NPP_USER_TOO_SHORT,    /* the command moves more than data_bytes */
	NPP_USER_VERDICTS
};

/* What the command set says that commands do: dwords of the log, base 2.0, 5.16.1.6. */
struct npp_effects {
	u32 admin[256];
	u32 io[256];
	bool known;  /* the controller has reported it; else only what every controller does */
};

/*
 * May this command be sent?  @effects: of its opcode, from npp_command_effects().
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
enum npp_user_verdict npp_judge_command(const struct npp_user_command *c,
					const struct npp_user_rights *rights, u32 effects);

/*
 * The dword of one command.  Formatting, writing and the like have their effects
 * whether or not the controller says so.
 * Context: any.  Excludes: npp_read_effects().  Sleeps: no.
 */
u32 npp_command_effects(const struct npp_effects *effects, bool admin, u8 opcode);

/*
 * The bytes of @c's data that a controller reads or writes: data_bytes, or fewer where
 * the command is known to move fewer.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
u32 npp_command_bytes(const struct npp_user_command *c);

/*
 * Is the length of @c's data not known, so that the controller may move more than data_bytes?
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_command_may_exceed(const struct npp_user_command *c);

/*
 * After a command with these effects: do namespaces have to be read again?  And
 * must no I/O be in flight while it is at work?
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
bool npp_effects_change_namespaces(u32 effects);
bool npp_effects_exclude_io(u32 effects);

/*
 * Read the Commands Supported and Effects log; a controller without one leaves
 * @effects empty.  Returns 0, or a negative error when no answer came.
 * Context: process.  Excludes: other users of @page and @effects.  Sleeps: yes.
 */
int npp_read_effects(struct npp_ctrl *c, const struct npp_ctrl_info *info,
		     const struct npp_page *page, struct npp_effects *effects);

/* Where a command's data is. */
struct npp_data {
	u64 addr;   /* bus address; PRP1 where @prp says so */
	u64 prp2;   /* with @prp */
	u32 bytes;  /* without @prp: from @addr; at most two pages but with @sgl; 0: no data */
	bool prp;   /* PRP1 and PRP2 are ready-made */
	bool sgl;   /* by one SGL descriptor */
};

/*
 * The submission queue entry of a user's command; npp_submit_raw() gives it its
 * id.  Pages of 2^@page_shift bytes.
 * Context: any.  Excludes: nothing.  Sleeps: no.
 */
void npp_user_sqe(const struct npp_user_command *c, const struct npp_data *data, u8 page_shift,
		  struct npp_sqe *sqe);

#ifdef __cplusplus
}
#endif

#endif
