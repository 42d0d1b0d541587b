// SPDX-License-Identifier: GPL-2.0
// Order of memory between this CPU and the device.
#pragma once

#include "lang.hpp"

namespace npp
{

// What is loaded after this from memory that the device writes is not older than what was
// loaded before: the kernel's dma_rmb() (upstream b69e2ef24b7b).
//
// An acquire is that between CPUs only. On arm64 it orders for observers in the inner
// shareable domain (`ldar', `dmb ishld'); a device may be in the outer one, and the rings of one
// that is not cache coherent are non-cacheable, hence outer shareable. The kernel's model
// promises nothing less than dma_rmb() for a device, so this is what arm64's is. Elsewhere
// an acquire is as strong: no instruction on x86, lwsync on POWER, `fence r,rw' on RISC-V.
NPP_INLINE void dma_read_barrier()
{
#ifdef __aarch64__
	asm volatile("dmb oshld" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
}

// What was read and written before is done before what is written after this is seen by
// the device.  No instruction on x86.
NPP_INLINE void dma_release_barrier()
{
#ifdef __aarch64__
	asm volatile("dmb osh" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}

// Besides, what is read after this is not older than what was written before: what a lock
// or a barrier of less never promises, on x86 neither.  The device is a CPU of the host here,
// so that what orders CPUs is enough.
NPP_INLINE void dma_full_barrier()
{
#ifdef __aarch64__
	asm volatile("dmb osh" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

} // namespace npp
