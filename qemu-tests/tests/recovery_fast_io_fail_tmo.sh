# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="fast_io_fail_tmo: waiting I/O fails to the second, and later I/O at once, while attempts go on; then the disk serves"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=180

# shellcheck source=../guest/limits.sh
. /lib/limits.sh

# fails_until_attempts COUNT: between attempts and in the middle of them each request fails at once
fails_until_attempts() {
	end_ms=$(($(now_ms) + 40000 * SLOWNESS))
	requests=0
	until has_attempts "$1"; do
		[ "$(now_ms)" -lt "$end_ms" ] || fail "the attempts have ended"
		fails_at_once
		requests=$((requests + 1))
		usleep 100000
	done
	expect_at_least "requests that failed at once" "$requests" 10
}

run_test() {
	start_driver
	expect_tmo fast_io_fail_tmo -1
	kept_data
	record_events
	set_tmo fast_io_fail_tmo 5
	lose_controller 1
	load_fails_after 5000
	! has_failed || fail "the controller has failed"
	fails_until_attempts $(($(attempts) + 2))
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
