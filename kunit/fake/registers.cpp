// SPDX-License-Identifier: GPL-2.0
// The fake controller's registers and its virtual time: base 2.0, 3.1.3, 3.5.1.

#include "controller.hpp"

#include "../runner.h"

namespace fake
{

namespace
{
constexpr u64 NO_TIME = ~u64{0};
constexpr u32 CC_EN = 1;
constexpr u32 CSTS_RDY = 1, CSTS_CFS = 2, CSTS_SHST = 3u << 2, CSTS_SHST_COMPLETE = 2u << 2;

u64 with_low(u64 wide, u32 value)
{
	return (wide >> 32) << 32 | value;
}

u64 with_high(u64 wide, u32 value)
{
	return (wide & 0xffffffff) | u64{value} << 32;
}
} // namespace

void Controller::reset(Bus *b)
{
	setup = Setup{};
	faults = Faults{};
	bus = b;
	now_ms = 1000;
	cc = csts = aqa = 0;
	asq = acq = 0;
	reads = 0;
	enable_count = disable_count = 0;
	fatal_now = vanished = false;
	ready_due = disabled_due = shut_down_due = NO_TIME;
	hold = false;
	unmasked_vectors = asked_queues_word = nssr = 0;
	async_events = last_log = 0;
	told_time = shadow_dma = event_offset = 0;
	register_writes = 0;
	for (Namespace &ns : namespaces)
		ns = Namespace{};
	for (u32 &n : served)
		n = 0;
	for (CompletionQueue &q : cqs)
		q = CompletionQueue{};
	forget_queues();
}

void Controller::forget_queues()
{
	for (u32 i = 0; i < MAX_QUEUES; i++) {
		sqs[i] = SubmissionQueue{};
		// What has been counted stays counted.
		cqs[i].exists = cqs[i].interrupt = false;
	}
	granted_queues = 0;
	shadow_dma = 0;
	held_count = 0;
	pending_end = 0;
}

u64 Controller::page_bytes() const
{
	return u64{1} << (12 + (cc >> 7 & 15));
}

// Everything that was due by now happens.
void Controller::settle()
{
	if (ready_due <= now_ms) {
		ready_due = NO_TIME;
		csts |= CSTS_RDY;
	}
	if (disabled_due <= now_ms) {
		disabled_due = NO_TIME;
		csts &= ~CSTS_RDY;
		forget_queues();
	}
	if (shut_down_due <= now_ms) {
		shut_down_due = NO_TIME;
		csts = (csts & ~CSTS_SHST) | CSTS_SHST_COMPLETE;
	}
	deliver();
}

u64 Controller::next_due() const
{
	u64 first = ready_due < disabled_due ? ready_due : disabled_due;

	if (shut_down_due < first)
		first = shut_down_due;
	for (u32 i = 0; i < pending_end; i++)
		if (pending[i].due_ms > now_ms && pending[i].due_ms < first)
			first = pending[i].due_ms;
	return first;
}

void Controller::advance_to(u64 ms)
{
	while (now_ms < ms) {
		const u64 next = next_due();

		now_ms = next < ms ? next : ms;
		settle();
	}
}

u32 Controller::read(u32 offset)
{
	const u32 index = reads++;

	settle();
	if (index >= faults.gone_at_read)
		vanished = true;
	if (gone() || index == faults.ones_at_read)
		return 0xffffffff;
	if (index >= faults.fatal_at_read && !fatal_now && (cc & CC_EN)) {
		fatal_now = true;
		faults.fatal_at_read = NEVER;
	}
	return read_live(offset);
}

u32 Controller::read_live(u32 offset) const
{
	const u64 cap = setup.mqes0 | u64{1} << 16 | u64{setup.timeout_units} << 24 |
			u64{setup.stride_shift} << 32 | u64{setup.command_sets} << 37 |
			u64{setup.mpsmin} << 48 | u64{setup.mpsmax} << 52 |
			u64{setup.has_subsystem_reset} << 36 | u64{setup.independent_ready} << 59;

	switch (offset) {
	case 0x00:
		return static_cast<u32>(cap);
	case 0x04:
		return static_cast<u32>(cap >> 32);
	case 0x08:
		return setup.version;
	case 0x14:
		return cc;
	case 0x1c:
		return csts | (fatal_now ? CSTS_CFS : 0);
	case 0x68:
		if (!setup.independent_ready)
			bus->violate("CRTO read though CAP.CRMS does not offer it", 0, 0);
		return setup.crto;
	default:
		bus->violate("read of a register that means nothing here", offset, 0);
		return 0;
	}
}

void Controller::write(u32 offset, u32 value)
{
	if (gone())
		return;
	settle();
	if (offset >= 0x24 && offset < 0x38 && (cc & CC_EN))
		bus->violate("admin queue registers written while enabled", offset, value);
	switch (offset) {
	case 0x10:
		unmasked_vectors = value;
		return;
	case 0x14:
		return write_cc(value);
	case 0x20:
		if (!setup.has_subsystem_reset)
			bus->violate("NSSR written though CAP.NSSRS does not offer it", 0, value);
		nssr = value;
		return;
	case 0x24:
		aqa = value;
		return;
	case 0x28:
		asq = with_low(asq, value);
		return;
	case 0x2c:
		asq = with_high(asq, value);
		return;
	case 0x30:
		acq = with_low(acq, value);
		return;
	case 0x34:
		acq = with_high(acq, value);
		return;
	default:
		bus->violate("write of a register that is not writable", offset, value);
	}
}

void Controller::write_cc(u32 value)
{
	constexpr u32 FROZEN = 0x3ff0; // CSS, MPS, AMS
	const u32 old = cc;

	if (old & value & CC_EN && (old ^ value) & FROZEN)
		bus->violate("CC changed while enabled", old, value);
	cc = value;
	if (!(old & CC_EN) && value & CC_EN)
		start_enable(value);
	if (old & CC_EN && !(value & CC_EN))
		start_disable();
	if (value >> 14 & 3 && !(old >> 14 & 3) && !faults.never_shut_down && !fatal_now) {
		csts = (csts & ~CSTS_SHST) | 1u << 2;
		shut_down_due = now_ms + setup.shut_down_after_ms;
	}
}

// Until RDY is 0 again the device may go on posting.
void Controller::start_disable()
{
	if (ready_due != NO_TIME && !fatal_now && now_ms < enabled_at_ms + ready_limit_ms())
		bus->violate("disabled on its way up", csts, now_ms - enabled_at_ms);
	disable_count++;
	ready_due = NO_TIME;
	csts &= ~CSTS_SHST;
	if (!faults.fatal_survives_disable)
		fatal_now = false;
	if (!faults.never_disabled)
		disabled_due = now_ms + setup.disabled_after_ms;
}

u32 Controller::ready_limit_ms() const
{
	const u32 crwmt = setup.independent_ready ? setup.crto & 0xffff : 0;
	const u32 units = crwmt > setup.timeout_units ? crwmt : setup.timeout_units;

	return (units ? units : 1) * 500;
}

void Controller::start_enable(u32 value)
{
	if (!(csts & CSTS_RDY) && disabled_due != NO_TIME) {
		disabled_due = NO_TIME;
		forget_queues();
	}
	if (csts & CSTS_RDY)
		bus->violate("enabled before it was seen disabled", csts, value);
	if ((value >> 16 & 15) != 6 || (value >> 20 & 15) != 4)
		bus->violate("CC.IOSQES or CC.IOCQES", value, 0);
	if ((value >> 7 & 15) < setup.mpsmin || (value >> 7 & 15) > setup.mpsmax)
		bus->violate("CC.MPS outside CAP.MPSMIN..MPSMAX", value, 0);
	if ((asq | acq) & (page_bytes() - 1) || !asq || !acq)
		bus->violate("ASQ or ACQ is not on a page", asq, acq);
	enable_count++;
	enabled_at_ms = now_ms;
	sqs[0] = SubmissionQueue{true, static_cast<u16>((aqa & 0xfff) + 1), 0, 0, 0, asq};
	cqs[0].exists = true;
	cqs[0].depth = static_cast<u16>((aqa >> 16 & 0xfff) + 1);
	cqs[0].head = cqs[0].tail = 0;
	cqs[0].phase = 1;
	cqs[0].base = acq;
	if (!faults.never_ready && enable_count <= faults.first_ready_only)
		ready_due = now_ms + setup.ready_after_ms;
}

} // namespace fake
