// SPDX-License-Identifier: GPL-2.0
// The fake controller's queues: fetching commands, posting completions, and all
// the ways in which a completion can go wrong. Base 2.0, 3.3.

#include "controller.hpp"

namespace fake
{

namespace
{
constexpr u16 BAD_TAG = 0x0fff;
constexpr u16 OTHER_GENERATION = 0x1000;
} // namespace

CompletionFault *Faults::match(u16 qid, u8 opcode)
{
	for (CompletionFault &f : completion) {
		if (f.verb == Verb::none || f.qid != qid)
			continue;
		if (f.opcode != ANY_OPCODE && f.opcode != opcode)
			continue;
		if (f.skip) {
			f.skip--;
			continue;
		}
		if (f.fired == f.times)
			continue;
		f.fired++;
		return &f;
	}
	return nullptr;
}

void Controller::doorbell(u32 byte_offset, u32 value)
{
	const u32 index = byte_offset >> (2 + setup.stride_shift);
	const u16 qid = static_cast<u16>(index / 2);

	// A poll after the disable rings for a queue that is deleted: no harm done.
	if (gone() || !(cc & 1))
		return;
	if (qid >= MAX_QUEUES || byte_offset & ((4u << setup.stride_shift) - 1)) {
		bus->violate("doorbell that is none", byte_offset, value);
		return;
	}
	const bool exists = index % 2 ? cqs[qid].exists : sqs[qid].exists;
	const u32 depth = index % 2 ? cqs[qid].depth : sqs[qid].depth;
	if (!exists || !ready() || value >= depth) {
		bus->violate("doorbell of no queue, or value beyond it", byte_offset, value);
		return;
	}
	register_writes += qid != 0;
	if (index % 2) {
		cqs[qid].head = static_cast<u16>(value);
		deliver();
		return;
	}
	if (sqs[qid].tail == value && !shadow_of(qid))
		bus->violate("doorbell without a new entry", byte_offset, value);
	sqs[qid].tail = static_cast<u16>(value);
	fetch(qid);
}

// The bus address of the submission doorbell's shadow, that of the completion doorbell
// behind it; 0: the queue has none.
u64 Controller::shadow_of(u16 qid) const
{
	return shadow_dma && qid ? shadow_dma + qid * 8u : 0;
}

// What the host says by memory; what else it may say there than the register is the test's.
void Controller::read_shadow(u64 at, u16 depth, u16 &value)
{
	u32 now;

	if (!at || !bus->read(at, &now, sizeof(now)))
		return;
	if (now >= depth)
		bus->violate("shadow doorbell beyond its queue", at, now);
	else
		value = static_cast<u16>(now);
}

void Controller::write_event(u64 at, u32 value, u16 depth)
{
	if (!at)
		return;
	if (setup.far_events) {
		setup.far_events--;
		value = (value + depth / 2u) % depth;
	}
	bus->write(at + event_offset, &value, sizeof(value));
}

void Controller::poll_shadow(u16 qid)
{
	read_shadow(shadow_of(qid), sqs[qid].depth, sqs[qid].tail);
	fetch(qid);
}

void Controller::fetch(u16 qid)
{
	SubmissionQueue &q = sqs[qid];
	Command c;

	read_shadow(shadow_of(qid), q.depth, q.tail);
	while (!dead() && q.head != q.tail) {
		if (!bus->read(q.base + u64{q.head} * sizeof(c.raw), c.raw, sizeof(c.raw)))
			return;
		q.head = static_cast<u16>(q.head + 1 == q.depth ? 0 : q.head + 1);
		if (!hold || !qid) {
			serve(qid, c);
		} else if (held_count < MAX_PENDING) {
			held_commands[held_count].qid = qid;
			held_commands[held_count++].command = c;
		}
		write_event(shadow_of(qid), q.tail, q.depth);
		read_shadow(shadow_of(qid), q.depth, q.tail);
	}
	deliver();
}

void Controller::release(u32 index)
{
	if (index >= held_count || dead())
		return;
	const Held h = held_commands[index];
	held_count--;
	for (u32 i = index; i < held_count; i++)
		held_commands[i] = held_commands[i + 1];
	serve(h.qid, h.command);
	deliver();
}

void Controller::serve(u16 qid, const Command &c)
{
	served[qid]++;
	answer(qid, c, faults.match(qid, c.opcode()));
}

// Executes, and schedules the completion as the fault wants it.
void Controller::answer(u16 qid, const Command &c, CompletionFault *fault)
{
	const Verb verb = fault ? fault->verb : Verb::none;
	Pending p{true, false, false, sqs[qid].cqid, c.cid(), 0, 0, now_ms};

	if (verb == Verb::never)
		return;
	if (verb == Verb::error)
		p.status = static_cast<u16>(fault->arg);
	else
		p.status = qid ? execute_nvm(c) : execute_admin(c, p.result);

	switch (verb) {
	case Verb::drop_interrupt:
		p.interrupt = false;
		break;
	case Verb::early_interrupt: {
		Pending first = p;

		first.interrupt_only = true;
		schedule(first);
		p.interrupt = false;
		p.due_ms += fault->arg;
		break;
	}
	case Verb::late:
		p.due_ms += fault->arg;
		break;
	case Verb::duplicate:
		schedule(p);
		break;
	case Verb::bad_id: {
		Pending bad = p;

		bad.cid |= BAD_TAG;
		schedule(bad);
		break;
	}
	case Verb::stale_id: {
		Pending stale = p;

		stale.cid ^= OTHER_GENERATION;
		schedule(stale);
		break;
	}
	case Verb::bad_phase:
		p.wrong_phase = true;
		break;
	case Verb::none:
	case Verb::never:
	case Verb::error:
	case Verb::VERBS:
		break;
	}
	schedule(p);
}

void Controller::post(u16 qid, u16 cid, u16 status, u32 result, bool interrupt)
{
	schedule(Pending{interrupt, false, false, qid, cid, status, result, now_ms});
	deliver();
}

void Controller::schedule(const Pending &p)
{
	if (pending_end == MAX_PENDING)
		bus->violate("fake: too many completions on their way", p.qid, p.cid);
	else
		pending[pending_end++] = p;
}

// In the order of scheduling, as far as they are due and there is room.
void Controller::deliver()
{
	u32 left = 0;

	if (dead())
		return;
	for (u32 i = 0; i < pending_end; i++) {
		const Pending p = pending[i];

		if (p.due_ms > now_ms || !place(p))
			pending[left++] = p;
	}
	pending_end = left;
}

// False: the queue is full, later.
bool Controller::place(const Pending &p)
{
	CompletionQueue &q = cqs[p.qid];
	const u16 next = static_cast<u16>(q.tail + 1 == q.depth ? 0 : q.tail + 1);
	u8 entry[16] = {};

	if (!q.exists)
		return true;
	if (p.interrupt_only) {
		q.interrupt = true;
		q.interrupts++;
		return true;
	}
	if (shadow_of(p.qid)) {
		write_event(shadow_of(p.qid) + 4, q.head, q.depth);
		read_shadow(shadow_of(p.qid) + 4, q.depth, q.head);
	}
	if (next == q.head)
		return false;

	const u32 phase = p.wrong_phase ? q.phase ^ 1u : q.phase;
	const u32 word = p.cid | phase << 16 | u32{p.status} << 17;
	const u16 sq_head = sqs[p.qid].head;
	__builtin_memcpy(entry, &p.result, 4);
	__builtin_memcpy(entry + 8, &sq_head, 2);
	__builtin_memcpy(entry + 10, &p.qid, 2);
	__builtin_memcpy(entry + 12, &word, 4);
	bus->write(q.base + u64{q.tail} * sizeof(entry), entry, sizeof(entry));
	q.posted++;
	if (p.wrong_phase)
		return true; // the place stays free: the host cannot have seen it
	if (!next)
		q.phase ^= 1;
	q.tail = next;
	if (p.interrupt) {
		q.interrupt = true;
		q.interrupts++;
	}
	return true;
}

bool Controller::take_interrupt(u16 qid)
{
	const bool raised = cqs[qid].interrupt;

	cqs[qid].interrupt = false;
	return raised;
}

} // namespace fake
