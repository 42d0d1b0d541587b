# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="200 resets in a row under load, with interrupts lost: no request fails, every byte is right"
PROFILE=faults
COVERS="A2 A3 C2 C4"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

RESETS=200

run_test() {
	start_driver
	queue=$(queue_of_cpu 0)
	kept_data
	io_start --jobs=2 --depth=16 --ms=$((TIMEOUT * 1000)) --start=16M --length=16M --max=128k --seed=3
	fault queues "$(queue_bits "$queue")" one-in 200 irq-drop "$FOREVER"
	round=0
	while [ $round -lt $RESETS ]; do
		reset_controller || fail "reset $round failed"
		usleep $((round % 7 * 20000))
		round=$((round + 1))
	done
	expect_hits_at_least irq-drop 1
	fault clear 1
	io_enough
	io_end
	expect_good_io
	refresh_counters
	expect_eq "controller resets" "$total_resets" $RESETS
	kept_data
	expect_healthy
}
