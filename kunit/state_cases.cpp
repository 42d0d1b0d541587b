// SPDX-License-Identifier: GPL-2.0
// The controller's states: the whole table, written here a second time.

#include "corpus.hpp"
#include "rig.hpp"

#include "ctrl_state.hpp"

namespace
{

// [from][to], in the order STARTING LIVE RESETTING PAUSED REMOVING FAILED
constexpr bool allowed[NPP_STATES][NPP_STATES] = {
	{false, true, false, false, true, true},    // starting
	{false, false, true, false, true, false},   // live
	{false, true, false, true, true, true},     // resetting
	{false, false, true, false, true, false},   // paused
	{false, false, false, false, false, false}, // removing
	{false, false, false, false, true, false},  // failed
};

void state_table_is_the_documented_one()
{
	for (u32 from = 0; from < NPP_STATES; from++)
		for (u32 to = 0; to < NPP_STATES; to++)
			EXPECT_EQ(npp::can_change(static_cast<npp_state>(from),
						  static_cast<npp_state>(to)),
				  allowed[from][to]);
}

void state_that_does_not_exist_leads_nowhere()
{
	for (u32 to = 0; to < NPP_STATES; to++)
		EXPECT(!npp::can_change(NPP_STATES, static_cast<npp_state>(to)));
}

// From every state but the last, some way leads to removal without a loop.
void state_has_an_exit_unless_it_is_final()
{
	for (u32 from = 0; from < NPP_STATES; from++) {
		u32 exits = 0;

		for (u32 to = 0; to < NPP_STATES; to++)
			exits += npp::can_change(static_cast<npp_state>(from),
						 static_cast<npp_state>(to));
		EXPECT_EQ(exits != 0, from != NPP_REMOVING);
	}
}

void state_changes_only_as_the_table_allows()
{
	test::Rig &rig = test::fresh_rig();

	npp_ctrl_init(&rig.ctrl, &rig.dev, 12);
	EXPECT(rig.state_is(NPP_STARTING));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_RESETTING));
	EXPECT(rig.state_is(NPP_STARTING));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_FAILED));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_RESETTING));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_RESETTING));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_FAILED));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_REMOVING));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
	EXPECT(rig.state_is(NPP_REMOVING));
}

// Sleep, then wake: the way to live again leads through the reset.
void state_paused_comes_up_by_a_reset()
{
	test::Rig &rig = test::fresh_rig();

	npp_ctrl_init(&rig.ctrl, &rig.dev, 12);
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_PAUSED));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_RESETTING));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_PAUSED));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
	EXPECT(!npp_ctrl_set_state(&rig.ctrl, NPP_FAILED));
	EXPECT(rig.state_is(NPP_PAUSED));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_RESETTING));
	EXPECT(npp_ctrl_set_state(&rig.ctrl, NPP_LIVE));
}

void state_names_are_distinct()
{
	static constexpr const char *names[] = {"starting", "live",   "resetting", "paused",
						"removing", "failed", "unknown"};

	for (u32 s = 0; s <= NPP_STATES; s++)
		EXPECT(test::same_text(npp_state_name(static_cast<npp_state>(s)), names[s]));
}

constexpr test::Case cases[] = {
	CASE(state_table_is_the_documented_one),    CASE(state_that_does_not_exist_leads_nowhere),
	CASE(state_has_an_exit_unless_it_is_final), CASE(state_changes_only_as_the_table_allows),
	CASE(state_paused_comes_up_by_a_reset),     CASE(state_names_are_distinct),
};

} // namespace

constinit const test::Group test::state_cases = test::group(cases);
