// SPDX-License-Identifier: GPL-2.0
// Device, submitter, handler, and the reaping that all of them share; see
// model.hpp. Each case is one step: the others may run before the next.

#include "model.hpp"
#include "steps.hpp"

namespace interleave
{

// The ring points to the entries beside it, so there is one place for all states.
static State now;
void *const state = &now;
const unsigned long state_bytes = sizeof(now);

void begin(const Variant &v)
{
	State &s = now;

	__builtin_memset(static_cast<void *>(&s), 0, sizeof(s));
	s.depth = DEPTH;
	s.ring.init(s.cq, s.depth);
	for (u16 tag = 0; tag < TAGS; tag++)
		s.slots[tag] = npp::Slot::fresh(tag);
	s.irq = v.poll_queue ? u8{LINES} : u8{0};
	s.lines[0].exists = s.lines[0].requested = !v.poll_queue;
	s.device_enabled = 1;
	s.device_phase = 1;
	s.submissions_left = v.submissions;
	s.resets_left = v.resets;
	s.drops_left = v.poll_queue ? 0 : 2;
	s.mode_changes_left = v.timer ? 2 : 0;
	s.forced_left = v.forced;
}

static npp::CompletionRing::Cursor &place(Reaper &r)
{
	return npp::object_in<npp::CompletionRing::Cursor>(&r.place);
}

// npp_os_complete(): the request is over for blk-mq; its tag is free when it has ended.
static void complete(State &s, u16 tag, const char *&broken)
{
	if (!s.requests[tag].in_flight)
		broken = "a request completes twice";
	s.requests[tag].in_flight = 0;
	if (s.one_by_one)
		return;
	s.requests[tag].gathered = 1;
	s.batch = static_cast<u8>(s.batch | 1u << tag);
}

// From here on what was there may be what a handler sees, unless it has begun later, by the
// kernel's lock of the interrupt.
void stores_come_late(State &s, const Variant &v)
{
	if (!v.weak || s.stale.visible)
		return;
	s.stale.ring = s.ring;
	__builtin_memcpy(s.stale.slots, s.slots, sizeof(s.slots));
	s.stale.visible = 1;
	s.stale.published = 0;
	for (u8 line = 0; line < LINES; line++)
		s.actors[HANDLER0 + line].reaper.unsynced = 1;
}

static bool sees_stale(const State &s, const Reaper &r)
{
	return r.handler && r.unsynced && s.stale.visible;
}

// src/core/queue_pair.cpp, QueuePair::reap(), cut where memory is read or written.
bool reap_step(State &s, const Variant &v, Reaper &r, const char *&broken)
{
	enum { BEGIN, READ, CHECK, END, COMPLETE, ADVANCE, PUT, SIGNAL };
	const u16 cid = static_cast<u16>(npp::cqe::CID::get(r.word));
	const u16 tag = npp::CommandId::TAG::get(cid);
	const bool stale = sees_stale(s, r);

	switch (r.at) {
	case BEGIN:
		if (!r.handler)
			stores_come_late(s, v);
		new (&r.place) npp::CompletionRing::Cursor(stale ? s.stale.ring : s.ring);
		r.at = READ;
		return false;
	case READ:
		r.at = place(r).ready(r.word) ? CHECK : PUT;
		return false;
	case CHECK:
		r.at = END;
		if (tag < TAGS &&
		    npp::Slot::matches(stale ? s.stale.slots[tag] : s.slots[tag], cid))
			return false;
		r.at = ADVANCE;
		if (!v.skip_bad)
			broken = "an entry is taken for bad: it was taken twice, or skipped";
		return false;
	case END:
		if (stale)
			s.slots[tag] = s.stale.slots[tag];
		npp::Slot::end(s.slots[tag]);
		r.at = COMPLETE;
		return false;
	case COMPLETE:
		complete(s, tag, broken);
		r.at = ADVANCE;
		return false;
	case ADVANCE:
		s.ring.advance(place(r));
		r.taken++;
		r.at = s.ring.is_at(place(r)) ? PUT : READ;
		return false;
	case PUT:
		if (r.taken)
			s.ring.go_to(place(r));
		r.at = SIGNAL;
		return false;
	default:
		if (r.taken)
			s.device_head = static_cast<u8>(s.ring.position());
		r = Reaper{};
		return true;
	}
}

// npp_end_batch(), npp_complete_batch(): what is in the list, then an empty one.
bool end_batch_step(State &s, Reaper &r, u8 &batch, const char *&broken)
{
	enum { FIRST, END };

	if (r.at == FIRST) {
		r.ending = batch;
		r.at = END;
		return !r.ending && (r = Reaper{}, true);
	}
	for (u32 tag = 0; tag < TAGS; tag++) {
		if (!(r.ending & 1u << tag))
			continue;
		if (!s.requests[tag].gathered)
			broken = "a request completes twice";
		s.requests[tag].gathered = 0;
	}
	batch = 0;
	r = Reaper{};
	return true;
}

// The completion is in memory; its interrupt message is still to come.
bool post_step(State &s, Actor &a, u32 tag)
{
	const u8 next = static_cast<u8>((s.device_tail + 1) % s.depth);
	Command &c = s.commands[tag];

	if (!s.device_enabled || a.at || next == s.device_head || !c.known)
		return false;
	s.cq[s.device_tail].cid_status.set(c.cid | s.device_phase << 16);
	c.known = 0;
	s.device_phase ^= !next;
	s.device_tail = next;
	a.at = 1;
	return true;
}

bool message_step(State &s, Actor &a)
{
	a.at = 0;
	if (s.irq < LINES && s.lines[s.irq].requested)
		s.lines[s.irq].pending = 1;
	return true;
}

// The interrupt is lost.
bool drop_step(State &s, Actor &a)
{
	if (!a.at || !s.drops_left)
		return false;
	s.drops_left--;
	a.at = 0;
	return true;
}

// What was stored is visible to every CPU.
static bool stores_step(State &s)
{
	if (!s.stale.visible)
		return false;
	s.stale = Stale{};
	return true;
}

bool submitter_step(State &s, const Variant &, Actor &, const char *&)
{
	const u32 in_flight = s.requests[0].in_flight + u32{s.requests[1].in_flight};

	if (s.quiesced || !s.submissions_left || in_flight + 1 >= s.depth)
		return false;
	for (u16 tag = 0; tag < TAGS; tag++) {
		if (s.requests[tag].in_flight || s.requests[tag].gathered)
			continue;
		s.requests[tag].in_flight = 1;
		s.commands[tag].cid = npp::Slot::begin(s.slots[tag], tag);
		s.commands[tag].known = 1;
		s.submissions_left--;
		return true;
	}
	return false;
}

// npp_irq() on one line; the kernel does not run it twice at a time. It runs it also
// where another device on a shared line has interrupted, and now and then although the
// interrupt is disabled, where it has called it spurious.
bool handler_step(State &s, const Variant &v, Actor &a, u8 number, const char *&broken)
{
	enum { IDLE, FLAGS, LOCK, OFFLINE, REAP, END_BATCH, UNLOCK, LEAVE };
	Line &l = s.lines[number];
	const bool offline = s.offline && !v.blind_handler;

	switch (a.at) {
	case IDLE:
		if (!l.requested)
			return false;
		if (l.pending && !l.depth)
			l.pending = 0;
		else if (s.forced_left)
			s.forced_left--;
		else
			return false;
		l.running = 1;
		a.reaper.unsynced = s.stale.visible && !s.stale.published;
		a.at = FLAGS;
		return true;
	case FLAGS: // all as one word, by acquire: they are cleared by release
		a.locked = s.fallback_poll || s.irqdisable_poll || offline;
		a.reaper.handler = 1;
		a.reaper.unsynced = a.reaper.unsynced && (v.relaxed || a.locked);
		a.at = !a.locked ? u8{REAP} : v.no_poll_lock ? u8{OFFLINE} : u8{LOCK};
		return true;
	case LOCK:
		if (!lock(s.poll_lock, static_cast<u8>(HANDLER0 + number + 1)))
			return false;
		a.reaper.unsynced = 0;
		a.at = OFFLINE;
		return true;
	case OFFLINE:
		a.at = offline ? u8{UNLOCK} : u8{REAP};
		return true;
	case REAP:
		if (reap_step(s, v, a.reaper, broken))
			a.at = END_BATCH;
		return true;
	case END_BATCH:
		if (end_batch_step(s, a.reaper, s.batch, broken))
			a.at = a.locked ? UNLOCK : LEAVE;
		return true;
	case UNLOCK:
		if (!v.no_poll_lock)
			s.poll_lock = 0;
		a.at = LEAVE;
		return true;
	default:
		l.running = 0;
		a = Actor{};
		return true;
	}
}

bool step(const Variant &v, Who who, const char *&broken)
{
	State &s = now;
	Actor &a = s.actors[who];

	switch (who) {
	case DEVICE:
		return a.at ? message_step(s, a) : post_step(s, a, 0);
	case OTHER_FIRST: // the device again, with the other command
		return post_step(s, s.actors[DEVICE], 1);
	case SUBMITTER:
		return submitter_step(s, v, a, broken);
	case HANDLER0:
	case HANDLER1:
		if (v.poll_queue)
			return poller_step(s, v, a, static_cast<u8>(who + 1), broken);
		return handler_step(s, v, a, static_cast<u8>(who - HANDLER0), broken);
	case TIMEOUT0:
	case TIMEOUT1:
		return timeout_step(s, v, a, static_cast<u8>(who - TIMEOUT0), broken);
	case TIMER:
		return timer_step(s, v, a, broken);
	case MODE:
		return mode_step(s, v, a, broken);
	case RESET:
		return reset_step(s, v, a, broken);
	case DROP:
		return drop_step(s, s.actors[DEVICE]);
	case STORES:
		return stores_step(s);
	case ACTORS:
		break;
	}
	return false;
}

const char *check_end()
{
	const State &s = now;

	for (const Request &r : s.requests)
		if (r.in_flight || r.gathered)
			return "a request never completes";
	for (const Line &l : s.lines)
		if (l.depth)
			return "an interrupt stays disabled";
	if (s.poll_lock || s.irq_lock || s.health_lock)
		return "a lock stays taken";
	if (s.offline)
		return "the queue stays offline";
	return s.submissions_left ? "no submitter can go on" : nullptr;
}

} // namespace interleave
