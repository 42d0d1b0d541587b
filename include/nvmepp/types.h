/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fixed-width integers and error values, valid in C (under the kernel's headers)
 * and in freestanding C++ (under none).
 */
#ifndef NVMEPP_TYPES_H
#define NVMEPP_TYPES_H

#if defined(__KERNEL__) && !defined(__cplusplus)
#include <linux/types.h>
#else
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
#endif

/*
 * What a core function returns: 0 or one of these.  The numbers are Linux's
 * errno values, asserted in src/linux/base/abi_checks.c, so that C passes them on.
 */
enum npp_error {
	NPP_OK = 0,
	NPP_EIO = -5,          /* the controller answered with a failure, or reports CSTS.CFS */
	NPP_ENODEV = -19,      /* a register read as all-ones: the device is gone */
	NPP_EINVAL = -22,      /* a value is outside the accepted range */
	NPP_EPROTO = -71,      /* the device gave an answer the specification rules out */
	NPP_EOPNOTSUPP = -95,  /* a valid answer that this driver does not serve */
	NPP_ETIMEDOUT = -110,  /* the time the specification allows is over */
};

#endif
