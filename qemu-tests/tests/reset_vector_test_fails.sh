# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a reset's own Flush is swallowed: said and done once more; both times: the controller is given up"
PROFILE=faults
COVERS="C3 C7"
DRIVERS=nvmepp
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

SAID="I/O queue 1: Flush, the test of its vector, got no answer"

said() {
	test_log | grep -c "$SAID"
}

# reset_with COUNT: so many commands of I/O queue 1, which has no other than the test's, are
# swallowed; whether the controller comes back
reset_with() {
	fault clear 1 queues "$(queue_bits 1)" cmd-drop "$1"
	bounded_start reset_controller
	came_back=0
	bounded_end "the reset, $1 swallowed" || came_back=1
	expect_hits cmd-drop "$1"
	return $came_back
}

run_test() {
	start_driver
	kept_data
	reset_with 1 || fail "one swallowed Flush has cost the controller"
	expect_eq "times that it was said" "$(said)" 1
	expect_log "the reset failed: once more"
	expect_resets 1
	kept_data

	! reset_with 2 || fail "a reset of which nothing was answered has succeeded"
	expect_eq "times that it was said" "$(said)" 3
	expect_eq "state" "$(controller_value state)" failed
	fault clear 1
	revive
	kept_data
}
