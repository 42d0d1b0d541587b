// SPDX-License-Identifier: GPL-2.0
// The steps of those in src/linux who look, poll and reset.
#pragma once

#include "model.hpp"

namespace interleave
{

// True when the reaping is over.
bool reap_step(State &s, const Variant &v, Reaper &r, const char *&broken);

// True when what was gathered has ended.
bool end_batch_step(State &s, Reaper &r, u8 &batch, const char *&broken);

bool looker_step(State &s, const Variant &v, Actor &a, u8 tag, const char *&broken);
bool timer_step(State &s, const Variant &v, Actor &a, const char *&broken);
bool poller_step(State &s, const Variant &v, Actor &a, u8 number, const char *&broken);
bool mode_step(State &s, const Variant &v, Actor &a, const char *&broken);
bool reset_step(State &s, const Variant &v, Actor &a, const char *&broken);

} // namespace interleave
