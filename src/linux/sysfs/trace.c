// SPDX-License-Identifier: GPL-2.0
/* Where the tracepoints live. */

#include "nvmepp.h"

#define CREATE_TRACE_POINTS
#include "sysfs/trace.h"
