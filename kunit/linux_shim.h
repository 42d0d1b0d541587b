/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least that <linux/nvme.h> needs to compile as C++ outside a kernel: it
 * stands in for the three headers that it includes, by their include guards.
 */
#define __LINUX_BITS_H
#define _LINUX_TYPES_H
#define _LINUX_UUID_H_

#include <nvmepp/types.h>

typedef u8 __u8;
typedef u16 __u16, __le16, __be16;
typedef u32 __u32, __le32, __be32;
typedef u64 __u64, __le64, __be64;

typedef struct {
	__u8 b[16];
} uuid_t;

#define BIT(n) (1ul << (n))
#define GENMASK(h, l) ((~0ul << (l)) & (~0ul >> (63 - (h))))
#define unlikely(x) (x)
#define struct_group(name, ...) struct { __VA_ARGS__ }
