# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace is detached while resets requeue its requests: its disk goes, nothing uses its queue later"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

ROUNDS=6

has_no_disk() {
	! has_disk
}

# round DELAY_US: so long after the detach the controller is reset. The requests that the device
# holds until then keep the removal of the disk waiting, until the reset has sent them again.
round() {
	under_load --jobs=2 --depth=8 --ms=20000 --start=16M --length=16M --max=64k --no-check
	fault queues $((0xfffffffe)) cqe-hold-ms 0 cqe-hold 8 ns-detach 1
	usleep "$1"
	reset_controller
	until_true 20 test -s /run/io.out || fail "requests hang, reset after $1 us"
	io_end
	expect_at_least "failed requests" "$io_errors" 1
	until_true 10 has_no_disk || fail "its disk is still there"
	keep_counters
	fault ns-attach 1
	until_true 10 has_disk || fail "its disk has not come back"
	find_disks
}

run_test() {
	start_driver
	kept_data
	for round in $(seq $ROUNDS); do
		round $((round * 20000))
	done
	expect_hits ns-detach $ROUNDS
	expect_hits_at_least cqe-hold 8
	expect_resets $ROUNDS
	kept_data
}
