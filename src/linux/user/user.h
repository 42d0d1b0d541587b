/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user space opens: nodes, the gate behind which the controller is, and the
 * commands that come through.
 */
#ifndef NVMEPP_USER_H
#define NVMEPP_USER_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/rwsem.h>
#include <linux/uio.h>

#include <nvmepp/passthrough.h>

struct io_uring_cmd;
struct npp_dev;
struct npp_ns;
struct nvme_passthru_cmd64;

/*
 * Nodes may be open when their controller leaves.  Who comes from one passes the
 * gate; closing it waits for those inside, and keeps the others out for good.
 */
struct npp_gate {
	struct kref kref;
	struct rw_semaphore lock;
	struct npp_dev *dev;	/* NULL: closed */
};

struct npp_gate *npp_gate_create(struct npp_dev *dev);
struct npp_dev *npp_gate_enter(struct npp_gate *gate);
struct npp_dev *npp_gate_try_enter(struct npp_gate *gate);
void npp_gate_leave(struct npp_gate *gate);
void npp_gate_close(struct npp_gate *gate);
void npp_gate_get(struct npp_gate *gate);
void npp_gate_put(struct npp_gate *gate);

/* A character device: nvme<N> of a controller, or ng<N>n<M> of a namespace. */
struct npp_node {
	struct device device;
	struct cdev cdev;
	struct npp_gate *gate;	/* a reference */
	struct npp_ns *ns;	/* NULL: the controller's; else with a reference to its disk */
};

/* classes.c; what they are called is chosen at load */
extern struct class npp_ctrl_class;
extern struct class npp_generic_class;
extern struct class npp_subsystem_class;
int npp_classes_init(void);
void npp_classes_exit(void);

/* subsystem.c */
void npp_subsystem_join(struct npp_dev *dev);
void npp_subsystem_leave(struct npp_dev *dev);
void npp_subsystem_exit(void);

/* chardev.c */
int npp_chardev_init(void);
void npp_chardev_exit(void);
struct npp_node *npp_node_add_controller(struct npp_dev *dev);
struct npp_node *npp_node_add_namespace(struct npp_ns *ns);
void npp_node_remove(struct npp_node *node);

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
void npp_user_buffer_put(struct npp_user_buffer *d);

/* A command as it came through an ioctl or a ring. */
struct npp_user_request {
	struct npp_user_command c;	/* but for data_bytes */
	struct npp_user_rights rights;
	struct npp_user_buffer data;
	unsigned int timeout_ms;	/* 0: the driver's own */
	bool nowait;			/* -EAGAIN instead of waiting for anything */
	u64 result;
};

/* ctrl_attrs.c, ns_attrs.c */
extern const struct attribute_group *npp_ctrl_attr_groups[];
extern const struct attribute_group *npp_ns_attr_groups[];
void npp_subsysnqn(struct npp_dev *dev, char text[NPP_NQN_BYTES]);

/* ioctl.c; the commands return as upstream: 0, a positive NVMe status, or an error */
long npp_ctrl_ioctl(struct npp_dev *dev, unsigned int cmd, unsigned long arg, bool may_write);
long npp_ns_ioctl(struct npp_ns *ns, unsigned int cmd, unsigned long arg, bool may_write,
		  bool partition);
void npp_take_command(struct npp_user_request *r, const struct nvme_passthru_cmd64 *cmd,
		      bool admin);
bool npp_is_plain(u8 flags, u32 metadata_bytes);

/* uring.c */
int npp_node_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

/* passthrough.c */
int npp_user_admin(struct npp_dev *dev, struct npp_user_request *r);
int npp_user_io(struct npp_ns *ns, struct npp_user_request *r);
struct request *npp_user_io_begin(struct npp_ns *ns, struct npp_user_request *r);
int npp_user_status(struct request *req, blk_status_t status);
void npp_submit_user(struct npp_hwq *q, struct request *req);

/* bounce.c */
struct npp_bounce {
	struct npp_bounce_page *pages;	/* the data's, then those of the lists */
	unsigned int count;
	unsigned int data_pages;
	unsigned int page_bytes;
	struct npp_prp prp;
};

int npp_bounce_alloc(struct npp_dev *dev, struct npp_bounce *b, u32 bytes);
void npp_bounce_free(struct npp_dev *dev, struct npp_bounce *b);
int npp_bounce_from_user(struct npp_bounce *b, struct iov_iter *from);
int npp_bounce_to_user(const struct npp_bounce *b, struct iov_iter *to);

#endif
