// SPDX-License-Identifier: GPL-2.0
/* A user's data: one piece, several, or a buffer that a ring has registered. */

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/uring.h"
#include "user/user.h"

static ssize_t npp_import_one(struct npp_user_buffer *d, unsigned int direction)
{
	if (!access_ok(d->at, d->length))
		return -EFAULT;
	d->one_or_few[0] = (struct iovec){ .iov_base = d->at, .iov_len = d->length };
	iov_iter_init(&d->iter, direction, d->one_or_few, 1, d->length);
	return d->length;
}

static ssize_t npp_import_registered(struct npp_user_buffer *d, unsigned int direction)
{
	const int err = npp_uring_import((uintptr_t)d->at, d->length, direction, &d->iter,
					 d->registered_with, d->issue_flags);

	return err ?: d->length;
}

/*
 * Sets d->iter, with data that goes in @direction (ITER_SOURCE: from the user), to be undone by
 * npp_user_buffer_put() also when it failed.  What the user changes afterwards of a list of pieces
 * has no effect on what was set here.  Returns bytes, or -EFAULT, -EINVAL, -ENOMEM.
 */
ssize_t npp_user_buffer_import(struct npp_user_buffer *d, unsigned int direction)
{
	d->several = NULL;
	switch (d->kind) {
	case NPP_DATA_SEVERAL:
		d->several = d->one_or_few;
		return import_iovec(direction, d->at, d->length, ARRAY_SIZE(d->one_or_few),
				    &d->several, &d->iter);
	case NPP_DATA_REGISTERED:
		return npp_import_registered(d, direction);
	default:
		return npp_import_one(d, direction);
	}
}

/*
 * After an attempt that found the data absent: makes its first @bytes present, for now.
 * 0, or -EFAULT.  A page that is shared since a fork counts as absent until it is a copy of
 * this process's own: since 6.4 it is pinned for the device (upstream 0b295316b3a9), and
 * only a fault for writing makes the copy.  What cannot be written is read.
 * Context: the user's, outside the gate: this may take as long as the user likes.
 */
int npp_user_buffer_fault_in(const struct npp_user_buffer *d, size_t bytes)
{
	size_t left;

	if (d->kind == NPP_DATA_REGISTERED)
		return -EFAULT;
	bytes = min(bytes, iov_iter_count(&d->iter));
	left = fault_in_iov_iter_writeable(&d->iter, bytes);
	if (left && iov_iter_rw(&d->iter) == ITER_SOURCE)
		left = fault_in_iov_iter_readable(&d->iter, bytes);
	return left ? -EFAULT : 0;
}

/* import_iovec() leaves NULL where it has allocated nothing. */
void npp_user_buffer_put(struct npp_user_buffer *d)
{
	kfree(d->several);
	d->several = NULL;
}
