# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="shadow doorbells are used before and after a reset, but not with INTx nor unasked; data is right"
DRIVERS=nvmepp
TIMEOUT=120

load() {
	io_run --jobs=2 --depth=32 --count=3000 --length=8M --max=64k --state=/run/io.state
}

# used ANSWER OPTION...: by a driver with these parameters, before and after a reset
used() {
	answer=$1
	shift
	start_driver "$@"
	expect_eq "shadow doorbells with '$*'" "$(controller_value shadow_doorbells)" "$answer"
	load
	expect_nothing_lost
	expect_resets "$resets"
	reset_controller
	expect_eq "shadow doorbells after the reset" "$(controller_value shadow_doorbells)" "$answer"
	load
	expect_nothing_lost
	resets=$((resets + 1))
	expect_resets "$resets"
	stop_driver
}

run_test() {
	resets=0
	used 1 shadow_doorbells=1
	used 1 shadow_doorbells=1 poll_queues=1
	used 0
	used 0 shadow_doorbells=1 interrupts=intx
	start_driver shadow_doorbells=1
	expect_healthy
}
