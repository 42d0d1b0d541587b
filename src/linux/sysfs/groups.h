/* SPDX-License-Identifier: GPL-2.0 */
/* The attributes of a namespace's disk, which the block layer is given with the disk. */
#ifndef NVMEPP_SYSFS_GROUPS_H
#define NVMEPP_SYSFS_GROUPS_H

#include <linux/sysfs.h>

/* ns_attrs.c */
extern const struct attribute_group *npp_ns_attr_groups[];

#endif
