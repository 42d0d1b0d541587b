# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that cannot be stopped: it does not get the bus again, for memory that has new owners"
PROFILE=faults
COVERS="C1"
DRIVERS=nvmepp
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

BUS_MASTER=4
# One attempt, whose failure ends the load.
CTRL_LOSS_TMO=0
# Long enough for a reset to try to start what it could not stop: QEMU has 7.5 s for that (CAP.TO).
IO_TIMEOUT_MS=30000
ADMIN_TIMEOUT_MS=30000

masters() {
	[ $(($(config "$BDF" read 4 2) & BUS_MASTER)) != 0 ]
}

does_not_stop() {
	[ "$(log_lines 'Device not ready; aborting reset')" -ge 1 ]
}

run_test() {
	start_driver
	kept_data
	load_starts 1000
	fault cc-drop "$FOREVER"
	bounded_start reset_controller
	until_true 20 does_not_stop || fail "the controller stops"
	usleep 300000
	! bounded_ended || fail "no reset was tried"
	while ! bounded_ended; do
		! masters || fail "bus mastering is on, and the controller has not stopped"
		usleep 20000
	done
	bounded_end "the reset" && fail "the reset of a controller that does not stop has succeeded"
	# Disabling has been tried after that, by who wanted to start it.
	expect_hits_at_least cc-drop 2
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	fault clear 1
	revive
	kept_data
}
