# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="resets by hand while commands are swallowed and time out: no request fails, data right"
PROFILE=faults
COVERS="A2 A6 C2 C3"
WHEN=all
TIMEOUT=120

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

all_struck() {
	[ "$(fault_hits cmd-drop)" = "$1" ] && [ "$(fault_hits cqe-drop)" = "$1" ]
}

run_test() {
	start_driver
	queue=$(queue_of_cpu 0)
	kept_data
	load_starts $((TIMEOUT * 1000))
	for round in 1 2 3 4 5 6; do
		# Only I/O, and none of a reset's own: two of those swallowed make it fail.
		until_true $((10 * SLOWNESS)) controller_live || fail "the controller is not live again"
		fault queues "$(queue_bits "$queue")" cmd-drop 2 cqe-drop 2
		until_true 5 all_struck $((2 * round)) || fail "no four commands were lost within 5 s"
		# Around the moment at which the timeout strikes, from 1.8 s on.
		usleep $((1600000 + round * 200000))
		bounded_start reset_controller
		# Refused while one is under way for a command that has timed out.
		bounded_end "the reset" || echo "the reset was refused"
	done
	io_enough
	expect_hits_at_least cmd-drop 12
	expect_hits_at_least cqe-drop 12
	fault clear 1
	io_end
	expect_good_io
	expect_at_most "longest request, ms" "$io_longest_ms" $((2 * SERVED_MS))
	kept_data
	expect_healthy
}
