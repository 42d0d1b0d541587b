// SPDX-License-Identifier: GPL-2.0
#include "doorbell_model.hpp"

#include "doorbell.hpp"

namespace interleave::doorbell
{

// All of it is compared as bytes: there is no padding.  Rings do not wrap here.
struct State {
	u8 submissions_left;
	u8 submitter_at;
	u8 tail;   // the driver's
	u8 shadow; // as the device sees it
	u8 shadow_buffered;
	u8 read_event; // by the submitter
	u8 told;       // what the register says, as the driver knows it
	u8 rung;       // the register was written, and the device has not come to it
	u8 device_at;
	u8 device_tail; // as it has read it last
	u8 fetched;
	u8 event; // as the driver sees it
	u8 event_written;
	u8 event_buffered;
	u8 unused[2];
};
static_assert(sizeof(State) % sizeof(u64) == 0); // the search compares words

static State now;
void *const state = &now;
const unsigned long state_bytes = sizeof(now);

void begin(const Variant &v)
{
	now = State{};
	now.submissions_left = v.submissions;
}

static bool make_visible(State &s)
{
	if (!s.shadow_buffered)
		return false;
	s.shadow = s.tail;
	s.shadow_buffered = 0;
	return true;
}

// Everything written before a register is seen before it.
static void write_register(State &s)
{
	make_visible(s);
	s.told = s.tail;
	s.rung = 1;
}

static bool submitter_step(State &s, const Variant &v)
{
	enum { SUBMIT, BARRIER, READ, DECIDE };

	switch (s.submitter_at) {
	case SUBMIT:
		if (!s.submissions_left)
			return false;
		s.submissions_left--;
		s.read_event = s.event;
		make_visible(s); // one store after the other
		s.tail++;
		s.shadow_buffered = 1;
		s.submitter_at = BARRIER;
		return true;
	case BARRIER:
		if (!v.no_barrier)
			make_visible(s);
		s.submitter_at = READ;
		return true;
	case READ:
		if (!v.event_first)
			s.read_event = s.event;
		s.submitter_at = DECIDE;
		return true;
	default:
		if (npp::Doorbell::passes(s.read_event, s.tail - 1u, s.tail))
			write_register(s);
		else if (v.always_told)
			s.told = s.tail;
		s.submitter_at = SUBMIT;
		return true;
	}
}

static bool make_event_visible(State &s)
{
	if (!s.event_buffered)
		return false;
	s.event = s.event_written;
	s.event_buffered = 0;
	return true;
}

static bool device_step(State &s, const Variant &v)
{
	enum { ASLEEP, FETCH, BARRIER, LOOK };

	switch (s.device_at) {
	case ASLEEP:
		if (!s.rung)
			return false;
		s.rung = 0;
		s.device_tail = s.shadow;
		s.device_at = FETCH;
		return true;
	case FETCH:
		if (s.fetched == s.device_tail) {
			s.device_at = ASLEEP;
			return true;
		}
		s.fetched++;
		make_event_visible(s);
		s.event_written = s.device_tail;
		s.event_buffered = 1;
		s.device_at = BARRIER;
		return true;
	case BARRIER:
		if (!v.device_no_barrier)
			make_event_visible(s);
		s.device_at = LOOK;
		return true;
	default:
		s.device_tail = s.shadow;
		s.device_at = FETCH;
		return true;
	}
}

// A tick that has found nothing taken since the last one.
static bool watchdog_step(State &s, const Variant &v)
{
	if (!v.watchdog || s.told == s.tail)
		return false;
	write_register(s);
	return true;
}

bool step(const Variant &v, u8 who, const char *&)
{
	State &s = now;

	switch (who) {
	case SUBMITTER:
		return submitter_step(s, v);
	case STORES:
		return make_visible(s);
	case DEVICE:
		return device_step(s, v);
	case DEVICE_STORES:
		return make_event_visible(s);
	default:
		return watchdog_step(s, v);
	}
}

const char *check_end(const Variant &)
{
	return now.fetched != now.tail || now.submissions_left ? missed : nullptr;
}

} // namespace interleave::doorbell
