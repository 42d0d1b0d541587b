/* SPDX-License-Identifier: GPL-2.0 */
/* What a disk needs of user/: its generic node, and the ends of its ioctls and commands. */
#ifndef NVMEPP_NODE_H
#define NVMEPP_NODE_H

#include "base/dev.h"

/* chardev.c; process context, sleeps */
struct npp_node *npp_node_add_controller(struct npp_dev *dev);
struct npp_node *npp_node_add_namespace(struct npp_ns *ns);
void npp_node_remove(struct npp_node *node);

/* ioctl.c; outside the gate.  Returns 0, a positive NVMe status, or an error. */
long npp_ns_ioctl(struct npp_ns *ns, unsigned int cmd, unsigned long arg, bool may_write,
		  bool partition);

/* reservation.c */
extern const struct pr_ops npp_pr_ops;

/* passthrough.c; the sq_lock of the queue with @core held */
void npp_submit_user(struct npp_queue *core, u16 tag, struct request *req);

#endif
