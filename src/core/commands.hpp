// SPDX-License-Identifier: GPL-2.0
// Commands, built in place: every function writes the whole entry, since a ring
// entry holds an older command.
#pragma once

#include "command_set.hpp"
#include "queue_entry.hpp"

#include <nvmepp/controller.h>

namespace npp::commands
{

template <typename Opcode> NPP_INLINE constexpr void begin(Sqe &e, Opcode opcode, u32 nsid)
{
	e = Sqe{};
	e.opcode = static_cast<u8>(opcode);
	e.nsid.set(nsid);
}

// base 5.17.  @page_dma: one page, so PRP1 alone.
NPP_INLINE constexpr void identify(Sqe &e, Cns cns, u32 nsid, u64 page_dma)
{
	begin(e, AdminOpcode::identify, nsid);
	e.prp1.set(page_dma);
	e.cdw10.set(static_cast<u8>(cns));
}

// base 5.27
NPP_INLINE constexpr void set_feature(Sqe &e, u8 feature, u32 value)
{
	begin(e, AdminOpcode::set_features, 0);
	e.cdw10.set(feature);
	e.cdw11.set(value);
}

// base 5.27.1.5; the value is 0's based in both halves
NPP_INLINE constexpr void set_queue_count(Sqe &e, u16 count0)
{
	set_feature(e, FEATURE_NUMBER_OF_QUEUES, static_cast<u32>(count0) << 16 | count0);
}

// base 5.27.1.11
NPP_INLINE constexpr void set_timestamp(Sqe &e, u64 timestamp_dma)
{
	set_feature(e, FEATURE_TIMESTAMP, 0);
	e.prp1.set(timestamp_dma);
}

// base 5.15
NPP_INLINE constexpr void get_feature(Sqe &e, u8 feature)
{
	begin(e, AdminOpcode::get_features, 0);
	e.cdw10.set(feature);
}

// base 5.16.  @bytes: whole dwords, one page at most, so PRP1 alone.  Reading a
// page lets the controller report the next event about it (RAE is 0).
NPP_INLINE constexpr void get_log_page(Sqe &e, LogPage page, u32 nsid, u64 page_dma, u32 bytes)
{
	begin(e, AdminOpcode::get_log_page, nsid);
	e.prp1.set(page_dma);
	e.cdw10.set((bytes / 4 - 1) << 16 | static_cast<u8>(page));
}

constexpr u32 PHYSICALLY_CONTIGUOUS = 1u << 0;
constexpr u32 INTERRUPTS_ENABLED = 1u << 1;

// base 5.5
NPP_INLINE constexpr void create_cq(Sqe &e, u16 qid, u16 depth0, u64 dma, u16 vector)
{
	const u32 interrupt = static_cast<u32>(vector) << 16 | INTERRUPTS_ENABLED;

	begin(e, AdminOpcode::create_cq, 0);
	e.prp1.set(dma);
	e.cdw10.set(static_cast<u32>(depth0) << 16 | qid);
	e.cdw11.set((vector == NPP_NO_VECTOR ? 0 : interrupt) | PHYSICALLY_CONTIGUOUS);
}

// base 5.6; the completion queue has the same number
NPP_INLINE constexpr void create_sq(Sqe &e, u16 qid, u16 depth0, u64 dma)
{
	begin(e, AdminOpcode::create_sq, 0);
	e.prp1.set(dma);
	e.cdw10.set(static_cast<u32>(depth0) << 16 | qid);
	e.cdw11.set(static_cast<u32>(qid) << 16 | PHYSICALLY_CONTIGUOUS);
}

// base 2.0, 5.8: a page of doorbells, a page of event indices
NPP_INLINE constexpr void doorbell_buffer_config(Sqe &e, u64 doorbells_dma, u64 events_dma)
{
	begin(e, AdminOpcode::doorbell_buffer_config, 0);
	e.prp1.set(doorbells_dma);
	e.prp2.set(events_dma);
}

// base 5.7, 5.8
NPP_INLINE constexpr void delete_queue(Sqe &e, AdminOpcode opcode, u16 qid)
{
	begin(e, opcode, 0);
	e.cdw10.set(qid);
}

constexpr u32 FUA = NPP_RW_FUA;
constexpr u64 SGL = 1u << 14; // in the head: PSDT, the data pointer is an SGL descriptor
constexpr u32 DEALLOCATE_ON_ZEROES = 1u << 25;
constexpr u32 DSM_DEALLOCATE = 1u << 2;

NPP_INLINE constexpr void set_slba(Sqe &e, u64 slba)
{
	e.cdw10.set(static_cast<u32>(slba));
	e.cdw11.set(static_cast<u32>(slba >> 32));
}

// nvm 3.2.4, 3.2.6: the first quadword but for the command id, known beforehand.
NPP_INLINE constexpr u64 read_write_head(bool write, u32 nsid)
{
	const NvmOpcode opcode = write ? NvmOpcode::write : NvmOpcode::read;

	return u64{nsid} << 32 | static_cast<u8>(opcode);
}

// Quadword by quadword, each once: the ring is memory that a device reads.
NPP_INLINE constexpr void read_write(RwSqe &e, u64 head, u16 cid, u64 slba, u32 length, u64 dptr1,
				     u64 dptr2)
{
	e.head.set(head | u64{cid} << 16);
	e.cdw2_3.set(0);
	e.mptr.set(0);
	e.dptr1.set(dptr1);
	e.dptr2.set(dptr2);
	e.slba.set(slba);
	e.cdw12_13.set(length);
	e.cdw14_15.set(0);
}

// nvm 3.2.8
NPP_INLINE constexpr void write_zeroes(Sqe &e, u32 nsid, u64 slba, u16 blocks0, bool deallocate)
{
	begin(e, NvmOpcode::write_zeroes, nsid);
	set_slba(e, slba);
	e.cdw12.set((deallocate ? DEALLOCATE_ON_ZEROES : 0) | blocks0);
}

// nvm 3.2.3: built as reads are, with these for the first quadword and the first block.
NPP_INLINE constexpr u64 deallocate_head(u32 nsid)
{
	return u64{nsid} << 32 | static_cast<u8>(NvmOpcode::dataset_management);
}

NPP_INLINE constexpr u64 deallocate_words(u32 ranges)
{
	return u64{DSM_DEALLOCATE} << 32 | (ranges - 1);
}

// base 7.2 (nvm)
NPP_INLINE constexpr void flush(Sqe &e, u32 nsid)
{
	begin(e, NvmOpcode::flush, nsid);
}

} // namespace npp::commands
