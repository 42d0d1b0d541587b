// SPDX-License-Identifier: GPL-2.0
// The controller's states and the ways between them.
//
//                 probe failed
//   STARTING ----------------------> FAILED <--------+
//      |   \                        ^   |            |
//      |    `-------------.         |   |            | recovery failed
//      v                   v        |   v            |
//    LIVE -----------> REMOVING <---+---+        RESETTING <----> PAUSED
//      |                   ^                      |  ^  |            |
//      |                   `----------------------+--|--|------------'
//      `---------------------------------------------'  |
//      ^------------------------------------------------'  recovered
#pragma once

#include "lang.hpp"

#include <nvmepp/controller.h>

namespace npp
{

NPP_INLINE constexpr bool can_change(npp_state from, npp_state to)
{
	switch (from) {
	case NPP_STARTING:
		return to == NPP_LIVE || to == NPP_FAILED || to == NPP_REMOVING;
	case NPP_LIVE:
		return to == NPP_RESETTING || to == NPP_REMOVING;
	case NPP_RESETTING:
		return to == NPP_LIVE || to == NPP_PAUSED || to == NPP_FAILED || to == NPP_REMOVING;
	case NPP_PAUSED:
		return to == NPP_RESETTING || to == NPP_REMOVING;
	case NPP_FAILED:
		return to == NPP_REMOVING;
	case NPP_REMOVING: // final: the object goes with it
	case NPP_STATES:
		break;
	}
	return false;
}

namespace ctrl_state_proof
{

constexpr npp_state nth(int i)
{
	return static_cast<npp_state>(i);
}

// From everywhere there is a way out, and removal is one step away.
constexpr bool removal_is_one_step_from_everywhere()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (s != NPP_REMOVING && !can_change(nth(s), NPP_REMOVING))
			return false;
	return true;
}

constexpr bool nothing_follows_removal()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (can_change(NPP_REMOVING, nth(s)))
			return false;
	return true;
}

// Only a controller that is live or paused is reset, so two resets cannot overlap.
constexpr bool only_live_or_paused_is_reset()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (can_change(nth(s), NPP_RESETTING) != (s == NPP_LIVE || s == NPP_PAUSED))
			return false;
	return true;
}

// What is paused has been taken down by the reset's steps, and comes up by them.
constexpr bool a_pause_lies_within_a_reset()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (can_change(nth(s), NPP_PAUSED) != (s == NPP_RESETTING))
			return false;
	return !can_change(NPP_PAUSED, NPP_LIVE);
}

constexpr bool every_change_is_a_change()
{
	for (int s = 0; s < NPP_STATES; s++)
		if (can_change(nth(s), nth(s)))
			return false;
	return true;
}

static_assert(removal_is_one_step_from_everywhere());
static_assert(nothing_follows_removal());
static_assert(only_live_or_paused_is_reset());
static_assert(a_pause_lies_within_a_reset());
static_assert(every_change_is_a_change());

} // namespace ctrl_state_proof

} // namespace npp
