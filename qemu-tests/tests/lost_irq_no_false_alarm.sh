# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the watchdog sees no loss where there is none: a fast device, and a slow one"
DRIVERS=nvmepp
TIMEOUT=60

run_test() {
	start_driver lost_irq_ms=16 lost_irq_action=poll
	io_run --jobs=2 --depth=32 --ms=4000 --length=24M --max=128k --split
	expect_nothing_lost
	stop_driver

	use_device slow
	start_driver lost_irq_ms=16 lost_irq_action=poll
	io_start --jobs=2 --depth=4 --count=8 --length=4M --max=64k --reads=0 --no-check
	io_end
	expect_eq "failed requests" "$io_errors" 0
	expect_at_least "longest request, ms" "$io_longest_ms" 1150
	expect_nothing_lost
	expect_resets 0
}
