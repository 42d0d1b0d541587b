# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the machine sleeps under load (S3: devices lose their power) and wakes: no request fails, every byte is right"
PROFILE=s3
NEEDS="CONFIG_SUSPEND CONFIG_PM_DEBUG"
COVERS="D4"
DRIVERS=nvmepp
TIMEOUT=90
WHEN=all

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

run_test() {
	start_driver lost_irq_ms=16 lost_irq_action=poll
	sleep_under_load deep none
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
