# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2119,SC2154
#
# Lost interrupts with the watchdog on, as the driver is by default. The in-tree driver, where a
# test runs it for comparison, waits for its timeout.

# lost_irq_ms, as it is by default; a test may have another.
WATCH_MS=16

# What one lost interrupt may cost, besides what the guest was kept waiting for meanwhile, by a host
# that had other work.
STALL_MS=$((250 * SLOWNESS))
MOST_LATE_MS=$STALL_MS

# shellcheck disable=SC2034 # for the tests
PARAMETERS=/sys/module/nvmepp/parameters

# A stall is measured on a machine that others use as well: so many attempts, all of them printed.
ATTEMPTS=5

# The largest io_timeout, as clouds advise; the base tests have 2 s.
LARGEST_TIMEOUT=4294967295

watching() {
	[ "$DRIVER" = nvmepp ]
}

# shellcheck disable=SC2120 # most have nothing to add
# start_watching [PARAMETER=VALUE...]: the escalation as it is by default
start_watching() {
	if watching; then
		start_driver lost_irq_ms=$WATCH_MS lost_irq_action=poll io_timeout_ms="$io_timeout" "$@"
	else
		start_driver
	fi
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
}

# with_each_timeout COMMAND...: does it with the watchdog faster than the timeout, and with the
# watchdog all alone. The in-tree driver has no watchdog, so it would wait for 50 days.
with_each_timeout() {
	for io_timeout in 2000 $LARGEST_TIMEOUT; do
		watching || [ "$io_timeout" = 2000 ] || break
		echo "--- io_timeout_ms=$io_timeout"
		"$@"
		! driver_loaded || stop_driver
	done
}

# attempt COMMAND...: until it succeeds, with a fresh driver each time
attempt() {
	for round in $(seq $ATTEMPTS); do
		start_watching
		if "$@"; then
			return
		fi
		echo "attempt $round of $ATTEMPTS did not do"
		[ "$round" = $ATTEMPTS ] || stop_driver
	done
	fail "$*: not once in $ATTEMPTS attempts"
}

# stall_is_short: whether the load that has just ended was held up no more than it may be; with
# the in-tree driver it has to be held up until the timeout
stall_is_short() {
	echo "stall: $io_longest_ms ms, guest late by $io_late_ms ms (io_timeout_ms=$io_timeout)"
	if watching; then
		[ "$io_late_ms" -le $MOST_LATE_MS ] &&
			[ "$io_longest_ms" -le $((STALL_MS + io_late_ms)) ]
	else
		expect_at_least "the longest request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	fi
}

queue_text() {
	awk -v "name=$1" -v "queue=$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i }
		NR > 1 && $1 == queue { print $column }' "$DEBUGFS/$CONTROLLER/queues"
}

is_polled() {
	[ "$(queue_text mode "$1")" = fallback-poll ]
}

# expect_queue COLUMN VALUE [QUEUE]: what the driver has counted, of the queue of CPU 0 by default
expect_queue() {
	! watching || expect_eq "$1 of queue ${3:-$queue}" "$(queue_value "$1" "${3:-$queue}")" "$2"
}

expect_queue_at_least() {
	! watching || expect_at_least "$1 of queue ${3:-$queue}" \
		"$(queue_value "$1" "${3:-$queue}")" "$2"
}

# expect_controller KEY VALUE
expect_controller() {
	! watching || expect_eq "$1" "$(controller_value "$1")" "$2"
}

# expect_reset_count NUMBER: since the driver was loaded
expect_reset_count() {
	if watching; then
		expect_controller resets "$1"
	else
		expect_resets "$1"
	fi
}

# Nothing happened to the controller, and every queue is as it should be.
expect_no_reset() {
	expect_controller resets 0
	expect_controller reset_failures 0
	expect_controller lost_irq_resets 0
	for name in $(watching && awk 'NR > 1 { print $1 }' "$DEBUGFS/$CONTROLLER/queues"); do
		! is_polled "$name" || fail "queue $name is polled"
	done
	watching || expect_resets 0
}

# shellcheck disable=SC2120 # most have nothing to add
# expect_nothing_more_lost [OPTION...]: I/O on the queue, all of it heard
expect_nothing_more_lost() {
	! watching || before=$(queue_value lost)
	io_run --cpu=0 --depth=4 --count=60 --length=8M --max=64k --seed=5 "$@"
	! watching || expect_eq "losses of a healed queue" $(($(queue_value lost) - before)) 0
}

WRITTEN_WITHIN_MS=$((5000 * SLOWNESS))

# all_written DISK COUNT: the device has served so many writes since count_writes
count_writes() {
	writes_before=$(block_stat "$1" wr_operations)
}

all_written() {
	[ $(($(block_stat "$1" wr_operations) - writes_before)) -ge "$2" ]
}

# until_written DISK COUNT: without a pause, since the watchdog does not wait either
until_written() {
	limit=$(($(now_ms) + WRITTEN_WITHIN_MS))
	until all_written "$@"; do
		[ "$(now_ms)" -le $limit ] || fail "the device did not serve $2 writes"
	done
}

# hold VECTOR [VERB]: keeps breaking it until release is called
hold() {
	echo 0 >/run/release
	hold_until_changed "$1" /run/release "${2:-hold}"
}

# hold_until_changed VECTOR FILE [VERB]: the same, until FILE says something else; wait_released
# waits for that. Afterwards "msix BDF restore VECTOR" mends it.
hold_until_changed() {
	rm -f /run/hold.out
	msix "$BDF" "${3:-hold}" "$1" "$2" >/run/hold.out &
	holder=$!
	until_true 5 test -s /run/hold.out || fail "vector $1 is not held"
}

wait_released() {
	wait "$holder" || fail "vector $vector was not held"
}

release() {
	# Not ">": an empty file is no number.
	echo 1 >/run/release.new
	mv /run/release.new /run/release
	wait_released
}

is_broken() {
	[ "$(vector_state "$1" address)" = 00000000:00000000 ]
}
