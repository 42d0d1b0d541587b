// SPDX-License-Identifier: GPL-2.0
// The C entrance to the rule.

#include "timeout_policy.hpp"

extern "C" npp_timeout_action npp_decide_timeout(const npp_timeout_facts *facts)
{
	return npp::decide_timeout(*facts);
}
