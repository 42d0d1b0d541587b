// SPDX-License-Identifier: GPL-2.0
#include "compat.h"

#include <errno.h>

struct compat_piece compat_piece(const struct iovec *piece)
{
	return (struct compat_piece){ (uintptr_t)piece->iov_base, piece->iov_len };
}

int compat_ioctl(int fd, unsigned long number, const void *argument)
{
	int ret = -ENOTTY;

#ifdef __x86_64__
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(54), "b"(fd), "c"(number), "d"((uint32_t)(uintptr_t)argument)
			 : "memory", "r8", "r9", "r10", "r11");
#else
	(void)fd;
	(void)number;
	(void)argument;
#endif
	if (ret >= 0)
		return ret;
	errno = -ret;
	return -1;
}
