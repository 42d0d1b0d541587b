# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="how long each driver stalls, and what it still serves, while interrupts go missing"
PROFILE=demo
DEVICE=first
TIMEOUT=240

# shellcheck source=losing.sh
. /lib/losing.sh

# One request at a time: then each has an interrupt of its own, and those that are missing can be
# counted.
JOBS=1
HEALTHY_MS=1000
# A loss, and as long as the in-tree driver takes to notice, or most of it: what is in flight at the
# end is waited for.
LOSING_MS=2500
LOSSES=4
EVERY_MS=500
ONE_IN=100

# begin SCENARIO: what is counted from now on is this one's
begin() {
	scenario=$1
	say "$driver: $scenario ..."
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	counters_base=$(counters)
	missing_before=$(missing_irqs "$queue")
	timer_before=$(completed_by_timer "$queue")
	timeouts_before=$(times_timed_out)
}

load_for() {
	load --depth=1 --max=4k --ms="$1"
}

# tell [LOST]: how many interrupts were lost, by the device, or else by what was not heard
tell() {
	row "$scenario" "lost=${1:-$(($(missing_irqs "$queue") - missing_before))}" \
		"polled=$(($(completed_by_timer "$queue") - timer_before))" \
		"timeouts=$(($(times_timed_out) - timeouts_before))" \
		"ran_ms=$io_ran_ms" "late_ms=$io_late_ms" \
		"timeout_ms=$(cat "/sys/block/${DISK#/dev/}/queue/io_timeout")"
}

healthy() {
	begin "healthy"
	load_for $HEALTHY_MS
	io_end
	tell
}

lose_at_times() {
	begin "$1"
	load_for $LOSING_MS
	lose_now_and_then "$2" $EVERY_MS
	io_end
	tell
}

# Nothing but a driver mends this vector.
lose_for_good() {
	begin "vector broken for good"
	lose_on "$vector"
	load_for $LOSING_MS
	io_end
	restore_on "$vector"
	tell
}

# lose_on_device SCENARIO ONE_IN: nobody can mend this; the same ones each time
lose_on_device() {
	begin "$1"
	fault clear 1 queues "$(queue_bits "$queue")" seed 1 one-in "$2" irq-drop "$FOREVER"
	load_for $LOSING_MS
	io_end
	dropped=$(fault_hits irq-drop)
	fault clear 1
	tell "$dropped"
}

# measure COMMAND: what makes the driver forget the losses that it has been through
measure() {
	healthy
	lose_at_times "one interrupt lost" 1
	lose_for_good
	healthy
	"$1"
	lose_at_times "one lost each half second" $LOSSES
	if has_knobs; then
		"$1"
		lose_on_device "one in $ONE_IN lost at random" $ONE_IN
		"$1"
		lose_on_device "every interrupt lost" 1
	fi
	keep_counters
}

run_test() {
	start nvme first
	measure :
	start_nvmepp
	measure start_nvmepp_anew
	remove_both
}
