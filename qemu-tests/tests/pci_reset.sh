# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the PCI function and its bus are reset by sysfs under load: no request fails, every byte is right"
COVERS="C6"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

run_test() {
	start_driver
	pause_under_load reset_function flr
	pause_under_load reset_function bus
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
