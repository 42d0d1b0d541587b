# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the same for 4, 9, 14, 25 and 120 s, io_timeout 6 s"
PROFILE=faults
WHEN=all
TIMEOUT=450

# shellcheck source=../guest/stall.sh
. /lib/stall.sh

IO_TIMEOUT_MS=6000
ADMIN_TIMEOUT_MS=60000

run_test() {
	start_driver
	kept_data
	for ms in 4000 9000 14000 25000 120000; do
		stall $ms
	done
}
