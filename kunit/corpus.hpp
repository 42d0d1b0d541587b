// SPDX-License-Identifier: GPL-2.0
// All the test cases, by file.
#pragma once

#include "test.hpp"

namespace test
{

extern const Group fake_cases;
extern const Group wire_cases;
extern const Group ring_cases;
extern const Group doorbell_cases;
extern const Group command_id_cases;
extern const Group prp_array_cases;
extern const Group prp_cases;
extern const Group queue_cases;
extern const Group state_cases;
extern const Group reconnect_cases;
extern const Group controller_cases;
extern const Group disable_cases;
extern const Group identify_cases;
extern const Group admin_cases;
extern const Group namespace_cases;
extern const Group descriptor_cases;
extern const Group status_cases;
extern const Group policy_cases;
extern const Group bring_up_cases;
extern const Group recovery_cases;
extern const Group io_cases;
extern const Group bad_completion_cases;
extern const Group loss_cases;
extern const Group irq_health_cases;
extern const Group irq_health_history_cases;
extern const Group stall_cases;
extern const Group watch_pace_cases;
extern const Group poll_pace_cases;
extern const Group namespace_list_cases;
extern const Group timeout_cases;
extern const Group capability_cases;
extern const Group passthrough_cases;
extern const Group command_bytes_cases;
extern const Group identity_cases;
extern const Group limit_cases;
extern const Group event_cases;
extern const Group reservation_cases;
extern const Group discard_cases;

} // namespace test
