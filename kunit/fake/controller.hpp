// SPDX-License-Identifier: GPL-2.0
// A fake NVMe controller: registers, queues, admin commands and namespaces with
// data. It is written from the specification by byte offsets, not from the
// core's structures, and it holds the host to the specification's rules.
#pragma once

#include "bus.hpp"
#include "faults.hpp"

namespace fake
{

// What a test may choose before it starts.
struct Setup {
	u32 mqes0 = 255;
	u32 timeout_units = 2; // CAP.TO, in 500 ms
	u32 stride_shift = 0;  // CAP.DSTRD
	u32 command_sets = 1;  // CAP.CSS
	u32 mpsmin = 0;
	u32 mpsmax = 4;
	bool independent_ready = false; // CAP.CRWMS; CRTO counts
	u32 crto = 0;
	u32 version = 0x00010400;
	u32 ready_after_ms = 5;
	u32 disabled_after_ms = 3;
	u32 shut_down_after_ms = 7;
	u16 queue_limit = 4; // I/O queue pairs
	u32 nn = 8;
	u8 mdts = 5;
	u8 lpa = 0;
	bool has_subsystem_reset = false; // CAP.NSSRS
	u32 oaes = 0;
	bool has_async_events = true; // feature 0Bh
	bool has_timestamp = true;    // feature 0Eh, in ONCS
	bool takes_timestamp = true;  // by Set Features
	bool has_coalescing = true;
	bool has_sgl = true;
	bool has_shadow_doorbells = true;
	bool takes_shadow_doorbells = true;
	u32 far_events = 0;            // event indices that ask for a doorbell half a ring too late
	bool has_nvm_limits = true;    // Identify, CNS 06h, of the NVM command set
	bool reads_all_ranges = false; // of a Dataset Management, whatever their number is
	u32 coalescing = 0;            // feature 08h
};

constexpr u32 MAX_NAMESPACES = 4;
constexpr u32 MAX_QUEUES = 9;
constexpr u32 MAX_PENDING = 512;

struct Namespace {
	u32 nsid;
	u8 block_shift;
	u8 id_types; // bit n: has a descriptor of type n
	u64 blocks;
	u8 *data;
};

// A completion entry on its way.
struct Pending {
	bool interrupt;
	bool interrupt_only;
	bool wrong_phase;
	u16 qid;
	u16 cid;
	u16 status;
	u32 result;
	u64 due_ms;
};

struct SubmissionQueue {
	bool exists;
	u16 depth;
	u16 head;
	u16 tail;
	u16 cqid;
	u64 base;
};

struct CompletionQueue {
	bool exists;
	bool interrupt; // raised and not yet taken
	u16 depth;
	u16 head;
	u16 tail;
	u16 phase;
	u64 base;
	u32 interrupts; // ever raised
	u32 posted;     // ever posted
};

struct Command {
	u8 raw[64];

	NPP_INLINE u8 opcode() const { return raw[0]; }
	NPP_INLINE u16 cid() const { return static_cast<u16>(raw[2] | raw[3] << 8); }
	NPP_INLINE u32 nsid() const { return dword(1); }
	NPP_INLINE u32 dword(u32 i) const
	{
		u32 v;

		__builtin_memcpy(&v, raw + 4 * i, sizeof(v));
		return v;
	}
	NPP_INLINE u64 qword(u32 dword_index) const
	{
		return dword(dword_index) | u64{dword(dword_index + 1)} << 32;
	}
};

class Controller {
public:
	void reset(Bus *bus);

	Setup setup;
	Faults faults;
	Namespace namespaces[MAX_NAMESPACES];

	u32 read(u32 offset);
	void write(u32 offset, u32 value);
	void doorbell(u32 byte_offset, u32 value);

	// Virtual time, in ms, and when something will happen next by itself.
	NPP_INLINE u64 now() const { return now_ms; }
	void advance_to(u64 ms);
	u64 next_due() const;

	bool take_interrupt(u16 qid);
	NPP_INLINE u32 interrupts(u16 qid) const { return cqs[qid].interrupts; }
	NPP_INLINE u32 posted(u16 qid) const { return cqs[qid].posted; }
	NPP_INLINE bool queue_exists(u16 qid) const { return sqs[qid].exists && cqs[qid].exists; }

	// Commands of I/O queues wait until they are released, in any order.
	NPP_INLINE void hold_commands(bool on) { hold = on; }
	NPP_INLINE u32 held() const { return held_count; }
	void release(u32 index);
	// It finds by itself what its shadow doorbells say.
	void poll_shadow(u16 qid);
	NPP_INLINE bool has_shadow() const { return shadow_dma; }
	NPP_INLINE u32 doorbells_written() const { return register_writes; }

	// An entry that answers no command, as a broken device would post it.
	void post(u16 qid, u16 cid, u16 status, u32 result, bool interrupt);

	// The device is no longer there, at once.
	NPP_INLINE void vanish() { vanished = true; }
	NPP_INLINE bool gone() const { return vanished; }
	NPP_INLINE bool fatal() const { return fatal_now; }
	NPP_INLINE bool ready() const { return csts & 1; }
	// Set Features, number of queues: both halves, as asked.
	NPP_INLINE u32 asked_queues() const { return asked_queues_word; }
	NPP_INLINE u32 async_config() const { return async_events; } // feature 0Bh, as written last
	NPP_INLINE u64 timestamp() const { return told_time; }       // feature 0Eh, likewise
	NPP_INLINE u32 log_asked() const { return last_log; } // Get Log Page's dword 10, the last
	NPP_INLINE u32 unmasked() const { return unmasked_vectors; } // INTMC, as written last
	NPP_INLINE u32 subsystem_reset() const { return nssr; }      // as written last
	NPP_INLINE u32 register_reads() const { return reads; }
	NPP_INLINE u32 enables() const { return enable_count; }
	NPP_INLINE u32 disables() const { return disable_count; }
	NPP_INLINE u32 commands_served(u16 qid) const { return served[qid]; }
	u64 page_bytes() const;
	u32 ready_limit_ms() const; // what the registers promise

private:
	// registers.cpp
	void settle();
	u32 read_live(u32 offset) const;
	void write_cc(u32 value);
	void start_enable(u32 value);
	void start_disable();
	void forget_queues();
	NPP_INLINE bool dead() const { return gone() || fatal_now; }

	// queues.cpp
	void fetch(u16 qid);
	void serve(u16 qid, const Command &c);
	void answer(u16 qid, const Command &c, CompletionFault *fault);
	void schedule(const Pending &p);
	void deliver();
	bool place(const Pending &p);
	u64 shadow_of(u16 qid) const;
	void read_shadow(u64 at, u16 depth, u16 &value);
	void write_event(u64 at, u32 value, u16 depth);

	// admin.cpp
	u16 execute_admin(const Command &c, u32 &result);
	u16 identify(const Command &c);
	u16 get_log_page(const Command &c);
	void fill_ctrl(u8 *page) const;
	void fill_ns(const Namespace *ns, u8 *page) const;
	void fill_list(u32 after, u8 *page) const;
	void fill_descriptors(const Namespace *ns, u8 *page) const;
	u16 set_features(const Command &c, u32 &result);
	u16 get_features(const Command &c, u32 &result);
	u16 take_shadow_doorbells(const Command &c);
	u16 create_cq(const Command &c);
	u16 create_sq(const Command &c);
	u16 delete_queue(const Command &c);

	// nvm.cpp
	const Namespace *find(u32 nsid) const;
	u16 execute_nvm(const Command &c);
	u16 read_write(const Command &c, const Namespace &ns);
	u16 write_zeroes(const Command &c, const Namespace &ns);
	u16 deallocate(const Command &c, const Namespace &ns);
	bool read_ranges(const Command &c, u32 *ranges, u32 count);
	bool move(const Command &c, u8 *data, u32 bytes, bool to_host);
	bool move_sgl(const Command &c, u8 *data, u32 bytes, bool to_host);
	bool move_piece(u64 bus, u8 *data, u32 bytes, bool to_host);

	Bus *bus;
	u64 now_ms;
	u32 cc, csts, aqa;
	u64 asq, acq;
	u32 reads;
	u32 enable_count, disable_count;
	bool fatal_now, vanished;
	u64 enabled_at_ms;
	u64 ready_due, disabled_due, shut_down_due;
	u32 granted_queues;
	u32 unmasked_vectors;
	u32 async_events;
	u64 told_time;
	u64 shadow_dma; // 0: none
	u64 event_offset;
	u32 register_writes; // to doorbells of I/O queues
	u32 last_log;
	u32 nssr;
	u32 asked_queues_word;
	bool hold;
	u32 held_count;
	u32 served[MAX_QUEUES];
	SubmissionQueue sqs[MAX_QUEUES];
	CompletionQueue cqs[MAX_QUEUES];
	Pending pending[MAX_PENDING];
	u32 pending_end;
	struct Held {
		u16 qid;
		Command command;
	} held_commands[MAX_PENDING];
	u8 page[PAGE_BYTES];
};

} // namespace fake
