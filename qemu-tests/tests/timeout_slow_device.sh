# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a device that takes 1.2 s for each command is slow, not dead"
DEVICE=slow
TIMEOUT=45

run_test() {
	start_driver
	io_start --jobs=2 --depth=8 --count=16 --length=4M --max=64k --reads=0 --no-check
	io_end
	expect_eq "failed requests" "$io_errors" 0
	expect_at_least "shortest wall time, ms" "$io_wall_ms" 2400
	expect_at_least "longest request, ms" "$io_longest_ms" 1150
	expect_nothing_lost
	expect_resets 0
}
