# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a vector that stays dead: restored, then one reset, then polled, mended, and back"
ROWS="A3"
DRIVERS=nvmepp
TIMEOUT=60

break_for_ever() {
	while :; do
		for vector in $(io_vectors); do
			msix "$BDF" break "$vector"
		done
		usleep 10000
	done
}

mode_is() {
	[ "$(awk -v "queue=$queue" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == "mode") column = i }
		$1 == queue { print $column }' "$DEBUGFS/$CONTROLLER/queues")" = "$1" ]
}

back_to_interrupts() {
	io_run --cpu=0 --depth=1 --count=400 --length=8M --max=16k --state=/run/io.state
	mode_is interrupt
}

run_test() {
	start_driver lost_irq_ms=100 lost_irq_action=poll io_timeout_ms=60000
	queue=$(queue_of_cpu 0)
	break_for_ever &
	breaker=$!
	io_start --cpu=0 --depth=4 --ms=$((8000 * SLOWNESS)) --length=8M --max=64k --state=/run/io.state
	# Between two turns of the breaker a mended vector may bring enough interrupts to go back to
	# them for a moment: so it is looked at while there is load, and more than once.
	until_true $((8 * SLOWNESS)) mode_is polled || fail "the queue is not polled"
	io_end
	expect_good_io
	expect_at_most "longest request, ms" "$io_longest_ms" 3000
	# At 100 ms a request all of it would be 320 in 8 s.
	expect_at_least "requests" "$io_ios" 1000
	expect_at_least "vectors restored" "$(queue_value rearmed)" 1
	expect_eq "resets for lost interrupts" "$(controller_value loss_resets)" 1
	expect_resets 1
	# The breaker, too, is slower under sanitizers: what is mended in its pauses is heard.
	expect_at_least "requests found by polling" "$(queue_value polled)" $((io_ios / 2 / SLOWNESS))

	kill $breaker
	wait $breaker
	# Nobody else mends the vector: the driver tries while there is I/O.
	vector=$(vector_of_queue "$queue")
	expect_vector "$vector" address 00000000:00000000
	until_true 10 back_to_interrupts || fail "the queue is still polled"
	[ "$(vector_state "$vector" address)" != 00000000:00000000 ] || fail "the vector is broken"
	expect_resets 1
}
