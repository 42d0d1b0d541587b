/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gate is a revocable reference to a controller: nodes and disks may be open when
 * the controller is removed.  Their users enter the gate before they use the
 * controller; closing the gate waits for those inside and refuses all others.
 * Code inside a gate does not touch a user's memory: a page fault may last as long as
 * the user likes (FUSE, userfaultfd), and unbind waits for the gate.
 */
#ifndef NVMEPP_GATE_H
#define NVMEPP_GATE_H

#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/rwsem.h>

struct npp_dev;

struct npp_gate {
	struct kref kref;
	struct rw_semaphore lock;
	struct npp_dev *dev;	/* NULL: closed */
	int instance;		/* the N of nvme<N>; free when the gate is */
	struct ida disk_numbers;	/* the M of nvme<N>n<M>; free when the disk is */
};

/* Process context; all but _get() and _put() of a gate without a last reference sleep. */
struct npp_gate *npp_gate_create(struct npp_dev *dev);
struct npp_dev *npp_gate_enter(struct npp_gate *gate);
struct npp_dev *npp_gate_try_enter(struct npp_gate *gate);
void npp_gate_leave(struct npp_gate *gate);
void npp_gate_close(struct npp_gate *gate);
void npp_gate_get(struct npp_gate *gate);
void npp_gate_put(struct npp_gate *gate);
void npp_gate_exit(void);

#endif
