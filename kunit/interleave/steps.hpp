// SPDX-License-Identifier: GPL-2.0
// The steps of timeout handlers, pollers, the timer and the reset in src/linux.
#pragma once

#include "model.hpp"

namespace interleave
{

// The ring or the slots are about to change under a handler on another CPU.
void stores_come_late(State &s, const Variant &v);

// True when the reaping is over.
bool reap_step(State &s, const Variant &v, Reaper &r, const char *&broken);

// True when what was gathered has ended.
bool end_batch_step(State &s, Reaper &r, u8 &batch, const char *&broken);

// A lock is 0, or has its owner's number plus one; false while another has it.
bool lock(u8 &owner, u8 who);

// npp_reap_outside(): under the poll lock, each request by itself. @a.at goes from
// @first to @first + 4; true when it is over, @moved unless it waits.
bool reap_outside(State &s, const Variant &v, Actor &a, u8 who, u8 first, const char *&broken,
		  bool &moved);

bool timeout_step(State &s, const Variant &v, Actor &a, u8 tag, const char *&broken);
bool timer_step(State &s, const Variant &v, Actor &a, const char *&broken);
bool poller_step(State &s, const Variant &v, Actor &a, u8 number, const char *&broken);
bool mode_step(State &s, const Variant &v, Actor &a, const char *&broken);
bool reset_step(State &s, const Variant &v, Actor &a, const char *&broken);

} // namespace interleave
