// SPDX-License-Identifier: GPL-2.0
/* Where the tracepoints live. */

#include "base/dev.h"

#define CREATE_TRACE_POINTS
#include "base/trace.h"
