// SPDX-License-Identifier: GPL-2.0
// All the test cases, by file.
#pragma once

#include "suites.h"
#include "test.hpp"

namespace test
{

#define NPP_DECLARE(name) extern const Group name##_cases;
NPP_SUITES(NPP_DECLARE)
#undef NPP_DECLARE

} // namespace test
