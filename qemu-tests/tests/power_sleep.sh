# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the system goes to sleep under load, CPUs offline included: no request fails, every byte is right"
NEEDS="CONFIG_SUSPEND CONFIG_PM_DEBUG"
COVERS="D1 D4"
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

run_test() {
	start_driver lost_irq_ms=16 lost_irq_action=poll
	sleep_under_load s2idle platform
	sleep_under_load deep core
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
