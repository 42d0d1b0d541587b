# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="attempts back off 1, 2, 4, 8 s; a line each says what was not answered and when the next is due; then all I/O succeeds"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=240

# shellcheck source=../guest/limits.sh
. /lib/limits.sh

# From one failed attempt to the next, with what the attempt itself takes
expect_backoff() {
	last=
	due=1000
	for at in $(attempt_times); do
		if [ -n "$last" ]; then
			expect_at_least "pause after attempt $number, ms" $((at - last)) $due
			expect_at_most "pause after attempt $number, ms" $((at - last)) \
				$((due + attempt_ms))
			due=$((due * 2)) number=$((number + 1))
		fi
		last=$at
	done
}

run_test() {
	start_driver
	kept_data
	record_events
	# An attempt waits for one answer, for admin_timeout at most.
	attempt_ms=$((ADMIN_TIMEOUT_MS + 1500)) number=1
	lose_controller 4
	expect_eq "events 'reconnecting'" "$(events reconnecting)" 1
	[ ! -s /run/io.out ] || fail "the load has ended: $(cat /run/io.out)"
	expect_backoff
	test_log | grep -E 'attempt [0-9]+ failed'
	expect_log 'attempt 1 failed.*: .*; next in 1 s'
	expect_log 'attempt 2 failed.*: .*; next in 2 s'
	expect_log 'attempt 3 failed.*: .*; next in 4 s'
	expect_log 'attempt 1 failed.*: .*(0x0?6|Identify)'
	expect_hits_at_least cmd-drop 4
	fault clear 1
	until_true "$((20 * SLOWNESS))" has_event live || fail "no event 'live'"
	load_is_right
	expect_eq "events 'live'" "$(events live)" 1
	expect_eq "events 'failed'" "$(events failed)" 0
	kill "$recorder"
}
