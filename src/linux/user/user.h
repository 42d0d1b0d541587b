/* SPDX-License-Identifier: GPL-2.0 */
/* Nodes, ioctls and io_uring commands.  Process context, sleeps, unless said otherwise. */
#ifndef NVMEPP_USER_H
#define NVMEPP_USER_H

#include <linux/uio.h>

#include <nvmepp/passthrough.h>

#include "base/dev.h"
#include "user/node.h"

struct io_comp_batch;
struct io_uring_cmd;
struct nvme_passthru_cmd64;

/* chardev.c */
int npp_chardev_init(void);
void npp_chardev_exit(void);

enum npp_user_buffer_kind {
	NPP_DATA_ONE,
	NPP_DATA_SEVERAL,	/* a list of struct iovec says where */
	NPP_DATA_REGISTERED	/* within a buffer of a ring's */
};

/* user_buffer.c */
struct npp_user_buffer {
	void __user *at;
	u32 length;		/* bytes; of a list, entries */
	enum npp_user_buffer_kind kind;
	struct io_uring_cmd *registered_with;
	unsigned int issue_flags;	/* of that command */
	struct iov_iter iter;	/* this and the rest: npp_user_buffer_import()'s */
	struct iovec *several;
	struct iovec one_or_few[UIO_FASTIOV];
};

ssize_t npp_user_buffer_import(struct npp_user_buffer *d, unsigned int direction);
int npp_user_buffer_fault_in(const struct npp_user_buffer *d, size_t bytes);
void npp_user_buffer_put(struct npp_user_buffer *d);

/* A command as it came through an ioctl or a ring. */
struct npp_user_request {
	struct npp_user_command c;	/* but for data_bytes */
	struct npp_user_rights rights;
	struct npp_user_buffer data;
	unsigned int timeout_ms;	/* 0: the driver's own */
	bool nowait;			/* -EAGAIN instead of waiting for anything */
	bool polled;			/* its submitter polls: a poll queue, where there is one */
	u64 result;
};

/* ioctl.c; the commands return as upstream: 0, a positive NVMe status, or an error */
long npp_ctrl_ioctl(struct npp_gate *gate, unsigned int cmd, unsigned long arg, bool may_write);
void npp_take_command(struct npp_user_request *r, const struct nvme_passthru_cmd64 *cmd,
		      bool admin);
bool npp_is_plain(u8 flags, u32 metadata_bytes);

/* uring.c */
int npp_node_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
int npp_node_uring_iopoll(struct io_uring_cmd *cmd, struct io_comp_batch *batch,
			  unsigned int flags);

/* passthrough.c */
struct npp_dev *npp_user_enter(struct npp_gate *gate, bool nowait);
bool npp_moves_out(u8 opcode);
unsigned int npp_user_timeout_ms(const struct npp_user_request *r, unsigned int usual_ms);
int npp_user_accept(struct npp_dev *dev, const struct npp_user_request *r, u32 *effects);
int npp_user_import(struct npp_user_request *r);
int npp_user_admin(struct npp_gate *gate, struct npp_user_request *r);

/* io_command.c */
int npp_user_io(struct npp_ns *ns, struct npp_user_request *r);
struct request *npp_user_io_begin(struct npp_ns *ns, struct npp_user_request *r);
int npp_user_status(struct request *req, blk_status_t status);
int npp_user_io_kernel(struct npp_ns *ns, struct npp_user_request *r, void *data);

/* bounce.c */
struct npp_bounce {
	struct npp_bounce_page *data;
	struct npp_bounce_page *tables;	/* PRP lists, and the guard's pages */
	unsigned int data_pages;	/* of PAGE_SIZE */
	unsigned int mapped;		/* of them */
	unsigned int table_count;	/* of the controller's page size */
	u32 bytes;
	struct npp_prp prp;
};

int npp_bounce_alloc(struct npp_bounce *b, u32 bytes);
void npp_bounce_free(struct npp_bounce *b);
int npp_bounce_from_user(struct npp_bounce *b, struct iov_iter *from);
int npp_bounce_to_user(const struct npp_bounce *b, struct iov_iter *to);
int npp_bounce_map(struct npp_dev *dev, struct npp_bounce *b, bool guarded);
void npp_bounce_unmap(struct npp_dev *dev, struct npp_bounce *b);

#endif
