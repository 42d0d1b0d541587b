/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sysfs and debugfs show: attributes, classes, subsystems, counters.  Process
 * context, sleeps.
 */
#ifndef NVMEPP_SYSFS_H
#define NVMEPP_SYSFS_H

#include <linux/device.h>

#include "base/dev.h"

/* classes.c; their names are chosen when the module is loaded */
extern struct class npp_ctrl_class;
extern struct class npp_generic_class;
extern struct class npp_subsystem_class;
int npp_classes_init(void);
void npp_classes_exit(void);

/* subsystem.c */
void npp_subsystem_join(struct npp_dev *dev);
void npp_subsystem_leave(struct npp_dev *dev);
void npp_subsystem_exit(void);

/* ctrl_attrs.c; those of namespaces are in groups.h */
extern const struct attribute_group *npp_ctrl_attr_groups[];
void npp_subsysnqn(struct npp_dev *dev, char text[NPP_NQN_BYTES]);

/* recovery_attrs.c */
void npp_sysfs_add(struct npp_dev *dev);
void npp_sysfs_remove(struct npp_dev *dev);

/* debugfs.c */
void npp_debugfs_init(void);
void npp_debugfs_exit(void);
void npp_debugfs_add(struct npp_dev *dev);
void npp_debugfs_remove(struct npp_dev *dev);

#endif
