/* SPDX-License-Identifier: GPL-2.0 */
/* Locks that a reset takes, and memory that is allocated inside them. */
#ifndef NVMEPP_NOIO_H
#define NVMEPP_NOIO_H

#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>

/*
 * A lock that resets take.  Memory that is allocated inside must not be reclaimed by writing
 * to disks that wait for a reset.  Lockdep, where a kernel has it, is told here, so that it
 * reports any allocation inside that may do so.
 */
static inline void npp_lock_is_for_resets(struct mutex *lock)
{
	fs_reclaim_acquire(GFP_KERNEL);
	might_lock(lock);
	fs_reclaim_release(GFP_KERNEL);
}

/* Such a lock, and a scope in which allocations may not write back, until npp_unlock_noio(). */
static inline unsigned int npp_lock_noio(struct mutex *lock)
{
	const unsigned int flags = memalloc_noio_save();

	mutex_lock(lock);
	return flags;
}

static inline void npp_unlock_noio(struct mutex *lock, unsigned int flags)
{
	mutex_unlock(lock);
	memalloc_noio_restore(flags);
}

#endif
