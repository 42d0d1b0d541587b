# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the queue's interrupt arrives while a timeout polls it: each completion is taken once"
PROFILE=faults
COVERS="A1 D8"
HELPERS=window
NEEDS="CONFIG_KRETPROBES"
TIMEOUT=60

# shellcheck source=../guest/window.sh
. /lib/window.sh

ROUNDS=3

is_waiting_or_raised() {
	[ -d /run/raised ] || is_waiting
}

# The first to see the poll held up raises the interrupt.
watch_and_raise() {
	until_true 15 is_waiting_or_raised || return
	mkdir /run/raised 2>/dev/null || return
	msix "$BDF" restore "$vector"
	bar "$BDF" raise "$vector" 1
	! is_waiting || touch /run/raised/in_time
}

# The poll has a CPU for itself while it is held up, and which one is not known.
watch_on_each_cpu() {
	rm -rf /run/raised
	watchers=
	for mask in 1 2; do
		watch_and_raise &
		watchers="$watchers $!"
		taskset -p $mask $! >/dev/null
	done
}

# The poll is held up at each of the completions, long enough for the interrupt to come meanwhile.
round() {
	widen at=$REAP_STEP ms=200 limit=8
	msix "$BDF" break "$vector"
	io_start --cpu=0 --depth=8 --count=8 --length=4M --max=4k --reads=0 --no-check --state=/run/state
	watch_on_each_cpu
	# shellcheck disable=SC2086 # two
	wait $watchers
	[ -d /run/raised ] || fail "no timeout has polled within 15 s"
	[ -f /run/raised/in_time ] || fail "the poll ended before the interrupt was raised"
	io_end
	echo "round $number: $(window waits) steps held up"
	close_window
	expect_eq "failed requests" "$io_errors" 0
	expect_at_least "time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	io_run --cpu=0 --depth=4 --count=1 --length=4M --max=4k --state=/run/state
	expect_taken_once
}

run_test() {
	start_driver
	vector=$(vector_of_queue "$(queue_of_cpu 0)")
	for number in $(seq $ROUNDS); do
		round
	done
	expect_hits irq-raise $ROUNDS
	expect_lost $ROUNDS
	expect_resets 0
}
