// SPDX-License-Identifier: GPL-2.0
// The C entrance to the rule.

#include "timeout_policy.hpp"

extern "C" npp_step npp_timeout_step(const npp_timeout_facts *facts)
{
	return npp::timeout_step(*facts);
}
