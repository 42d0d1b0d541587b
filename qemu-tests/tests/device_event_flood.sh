# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="events without end are read at a bounded rate"
PROFILE=faults
DRIVERS=nvmepp
COVERS="B7"
TIMEOUT=90

FLOOD=60 # the device keeps 64 at most
A_SECOND=16

events() {
	controller_value events
}

all_irqs_came() {
	[ "$(events)" -ge $FLOOD ]
}

run_test() {
	start_driver
	io_start --jobs=2 --depth=4 --ms=6000 --length=4M --max=64k
	started=$(now_ms)
	bar "$BDF" event 0x000101 $FLOOD # errors, information 1, log page 1
	until_true 20 all_irqs_came || fail "$(events) events of $FLOOD arrived"
	took=$(($(now_ms) - started))
	io_end
	expect_good_io
	expect_hits event $FLOOD
	expect_eq "events" "$(events)" $FLOOD
	# One window may begin late, one may not be full: the others are.
	expect_at_least "time for the flood, ms" $took $(((FLOOD / (A_SECOND + 1) - 1) * 1000))
	expect_log 'event: error .type 0, information 0x01, log page 1.'
	expect_resets 0
	expect_healthy
}
