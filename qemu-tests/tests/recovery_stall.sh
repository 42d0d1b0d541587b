# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the storage behind a healthy controller does not answer for 1.3 to 15 s, io_timeout 2 s: no request fails"
PROFILE=faults
TIMEOUT=240

# shellcheck source=../guest/stall.sh
. /lib/stall.sh

run_test() {
	start_driver
	kept_data
	for ms in 1300 3000 5000 15000; do
		stall $ms
	done
}
