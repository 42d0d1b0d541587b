# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the first lost interrupt is found within 50 ms, those that follow soon within 12; interrupts that are only late make the watchdog slower again"
PROFILE=faults
DRIVERS=nvmepp
WHEN=all
TIMEOUT=180

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

FIRST_MOST_MS=$((50 * SLOWNESS))
# For losses under load, whose times differ by lost_irq_ms: once to twice that, one and a half in the
# mean. With one tick that is too long the mean is two.
BUSY_WATCH_MS=100
BUSY_LOSSES=8
BUSY_MEAN_MS=$((160 + 20 * SLOWNESS))
# They take longer than several ticks.
WELL_REQUESTS=1000
# Less than with ticks as long as the normal ones.
NEXT_MOST_MS=12
QUICK=5
MOST_LOSSES=40
# Longer than it takes to find a loss with ticks of twice the shortest length.
VERY_LATE_MS=20
# Longer than with the shortest ticks, and shorter than with normal ones.
LATE_MS=8
LATE_IRQS=40
# Until the ticks are as long as before the loss.
SLOW_AGAIN_S=11

one_request() {
	io_run --cpu=0 --count=1 --length=1M --max=4k --reads=0
}

# lose: one interrupt, of one request
lose() {
	hits=$(fault_hits irq-drop)
	fault queues "$(queue_bits "$queue")" irq-drop 1
	one_request
	expect_hits irq-drop $((hits + 1))
	echo "lost for $io_longest_ms ms, guest late by $io_late_ms ms"
}

# A host with other work keeps a guest waiting at times, so not each loss is found as soon. With
# longer ticks none would be.
lose_several() {
	quick=0 losses=0
	while [ $quick -lt $QUICK ]; do
		[ $losses -lt $MOST_LOSSES ] ||
			fail "$quick of $losses losses were found within $NEXT_MOST_MS ms"
		lose
		losses=$((losses + 1))
		[ "$io_longest_ms" -gt $((NEXT_MOST_MS * SLOWNESS)) ] || quick=$((quick + 1))
	done
}

# late_once: an interrupt that the watchdog does not wait for. What is read back comes before it, and
# so it finds nothing that it could be taken for.
late_once() {
	fault irq-late-ms $VERY_LATE_MS irq-late 1
	one_request
	# Another loss within 50 ms would be of the same event.
	sleep 0.1
}

# The device says nothing of holding interrupts back. Two pass for lost, and would spend the budget
# of 3 losses if they counted when they have come. After them the watchdog waits for longer.
be_late() {
	lose
	# Two losses without an interrupt between would spend the budget.
	one_request
	fault queues "$(queue_bits "$queue")"
	hits=$(fault_hits irq-late)
	late_once
	late_once
	for_nothing=$(($(queue_value late "$queue") + $(queue_value spurious "$queue")))
	lost=$(queue_value lost "$queue")
	echo "late interrupts: 2, came for nothing: $for_nothing, lost: $lost"
	[ "$for_nothing" = 2 ] && [ "$lost" = 3 ] || return 1
	expect_no_reset

	fault irq-late-ms $LATE_MS irq-late $LATE_IRQS
	io_run --cpu=0 --count=$LATE_IRQS --length=1M --max=4k --reads=0
	expect_hits irq-late $((hits + 2 + LATE_IRQS))
	expect_at_most "late interrupts that passed for lost" \
		$(($(queue_value lost "$queue") - 3)) $((LATE_IRQS / 4))
	expect_no_reset
}

# The tick before has found the queue well: a loss is found no later for that.
lose_while_busy() {
	hits=$(fault_hits irq-drop)
	fault queues "$(queue_bits "$queue")" skip $((WELL_REQUESTS + busy * 97)) irq-drop 1
	io_run --cpu=0 --count=$((2 * WELL_REQUESTS)) --length=1M --max=4k --reads=0
	fault skip 0
	expect_hits irq-drop $((hits + 1))
	echo "lost for $io_longest_ms ms under load, guest late by $io_late_ms ms"
	expect_at_least "the loss's time, ms" "$io_longest_ms" $((BUSY_WATCH_MS - 1))
	expect_lost 1
	expect_no_reset
}

# Where in a tick a loss falls is chance.
lose_while_busy_and_recover() {
	total_ms=0
	for busy in $(seq $BUSY_LOSSES); do
		lose_while_busy
		total_ms=$((total_ms + io_longest_ms))
		stop_driver
		start_watching
	done
	echo "lost for $((total_ms / BUSY_LOSSES)) ms in the mean"
	[ $((total_ms / BUSY_LOSSES)) -le $BUSY_MEAN_MS ]
}

lose_and_recover() {
	lose
	# Twice lost_irq_ms / 2, less the timer's grain.
	expect_at_least "the first loss's time, ms" "$io_longest_ms" 15
	[ "$io_longest_ms" -le $((FIRST_MOST_MS + io_late_ms)) ] || return 1
	expect_lost 1
	lose_several
	expect_lost $((1 + losses))
	sleep $SLOW_AGAIN_S
	# That another queue has interrupts proves nothing of this one.
	io --device="$DISK" --cpu=1 --ms=60000 --start=2M --length=1M --max=4k >/run/other.out &
	other=$!
	sleep 0.5
	lose
	other_ended=$(cat /run/other.out)
	kill -USR1 $other && wait $other
	expect_eq "the other queue's load before its end" "$other_ended" ""
	grep -q ' errors=0 .* finished=1' /run/other.out || fail "other queue: $(cat /run/other.out)"
	expect_at_least "time of a loss after $SLOW_AGAIN_S s, ms" "$io_longest_ms" 15
	[ "$io_longest_ms" -le $((FIRST_MOST_MS + io_late_ms)) ] || return 1
	expect_lost $((2 + losses))
	expect_no_reset
}

start_watching() {
	# shellcheck disable=SC2086 # several
	start_driver $escalation lost_irq_ms=$watch_ms
	queue=$(queue_of_cpu 0)
}

run_test() {
	escalation="lost_irq_budget=1000 lost_irq_action=restore" watch_ms=16
	attempt lose_and_recover
	expect_healthy
	stop_driver
	watch_ms=$BUSY_WATCH_MS
	attempt lose_while_busy_and_recover
	stop_driver
	watch_ms=16
	escalation="lost_irq_budget=3 lost_irq_action=poll"
	attempt be_late
}
