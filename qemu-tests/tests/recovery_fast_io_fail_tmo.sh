# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="fast_io_fail_tmo: waiting I/O fails to the second, attempts go on, and the disk serves when one succeeds"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=180

# shellcheck source=../guest/limits.sh
. /lib/limits.sh

run_test() {
	start_driver
	expect_tmo fast_io_fail_tmo -1
	kept_data
	record_events
	set_tmo fast_io_fail_tmo 5
	lose_controller 1
	load_fails_after 5000
	! has_failed || fail "the controller has failed"
	fails_at_once
	failed=$(attempts)
	until_true "$((40 * SLOWNESS))" has_attempts $((failed + 1)) || fail "the attempts have ended"
	expect_eq "events 'failed'" "$(events failed)" 0
	expect_hits_at_least cmd-drop 2
	fault clear 1
	expect_alive
	until_true 5 has_event live || fail "no event 'live'"
	expect_eq "events 'live'" "$(events live)" 1
	kill "$recorder"
	echo "--- off: requests wait"
	set_tmo fast_io_fail_tmo -1
	lose_controller 3
	sleep 6
	[ ! -s /run/io.out ] || fail "the load has ended: $(cat /run/io.out)"
	fault clear 1
	load_is_right
}
