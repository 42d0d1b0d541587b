/* SPDX-License-Identifier: GPL-2.0 */
/* The ioctls of a 32-bit program: x86-64 has an entry for them that any program may use. */
#ifndef COMPAT_H
#define COMPAT_H

#include <linux/nvme_ioctl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>

/* Without the padding at its end that 64-bit programs have. */
#define COMPAT_SUBMIT_IO \
	_IOC(_IOC_WRITE, 'N', 0x42, offsetof(struct nvme_user_io, appmask) + sizeof(uint16_t))

/* Memory below 4 GiB; elsewhere no such program runs. */
#ifndef MAP_32BIT
#define MAP_32BIT	0
#endif

struct compat_piece {
	uint32_t base;
	uint32_t length;
};

struct compat_piece compat_piece(const struct iovec *piece);
/* As ioctl(); @argument lies below 4 GiB.  On other architectures every call is ENOTTY. */
int compat_ioctl(int fd, unsigned long number, const void *argument);

#endif
