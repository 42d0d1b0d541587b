// SPDX-License-Identifier: GPL-2.0
// The least that <linux/nvme.h> needs to compile as C++ outside a kernel: it
// stands in for the three headers that it includes, by their include guards.
#pragma once

#define __LINUX_BITS_H
#define _LINUX_TYPES_H
#define _LINUX_UUID_H_

#include <nvmepp/types.h>

using __u8 = u8;
using __u16 = u16;
using __u32 = u32;
using __u64 = u64;
using __le16 = u16;
using __le32 = u32;
using __le64 = u64;
using __be16 = u16;
using __be32 = u32;
using __be64 = u64;

struct uuid_t {
	__u8 b[16];
};

#define BIT(n) (1ul << (n))
#define GENMASK(h, l) ((~0ul << (l)) & (~0ul >> (63 - (h))))
#define unlikely(x) (x)
#define struct_group(name, ...) \
	struct {                \
		__VA_ARGS__     \
	}
