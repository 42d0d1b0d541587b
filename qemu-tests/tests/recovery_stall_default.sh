# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the same for 55 s, with the drivers' default timeouts (30 s and 60 s)"
PROFILE=faults
WHEN=all
TIMEOUT=225

# shellcheck source=../guest/stall.sh
. /lib/stall.sh

IO_TIMEOUT_MS=30000
ADMIN_TIMEOUT_MS=60000

run_test() {
	start_driver
	kept_data
	stall 55000
}
