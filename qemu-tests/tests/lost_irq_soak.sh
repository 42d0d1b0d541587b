# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="ten minutes of load, starved CPUs, CPU hotplug, held back interrupts: no false alarm"
PROFILE=faults
DRIVERS=nvmepp
WHEN=all
DURATION=600
TIMEOUT=240

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

CPU1=/sys/devices/system/cpu/cpu1/online
ROUND_MS=10000
# A task that waits for a CPU begins late; a deeper queue would remember a whole round.
WRITTEN_WITHIN_MS=60000

# More of them than CPUs: every task has to wait for its turn.
starve() {
	for _ in 1 2 3 4; do
		while :; do :; done &
		loops="$loops $!"
	done
}

# As a device does that coalesces interrupts, of which this device says nothing: lost_irq_ms, and
# less than that for which interrupts are held back.
WATCHES="16:10 100:40"

# A round: every CPU busy with I/O, one of them going and coming.
round() {
	count_writes plain
	io_start --jobs=2 --depth="$1" --ms=$ROUND_MS --length=32M --max="$2" --split --seed="$1" \
		--no-check
	# Both jobs want to begin on a CPU of their own.
	until_written plain 20
	for _ in 1 2 3; do
		usleep 700000
		echo 0 >$CPU1 || fail "CPU 1 does not go offline"
		usleep 700000
		echo 1 >$CPU1 || fail "CPU 1 does not come back"
	done
	io_end
	expect_good_io
	expect_eq "completions found by a poll, depth $1" "$(queue_value lost)" 0
	expect_controller resets 0
}

# At once, and held back, by turns.
until_over() {
	end=$(($(now_ms) + DURATION * 1000))
	while :; do
		for depth in 1 8 32; do
			for watch in $WATCHES; do
				echo "${watch%:*}" >$PARAMETERS/lost_irq_ms
				for late in 0 "$FOREVER"; do
					fault clear 1 irq-late-ms "${watch#*:}" irq-late "$late"
					round "$depth" 64k
					held_back=$((held_back + $(fault_hits irq-late)))
				done
			done
			[ "$(now_ms)" -lt $end ] || return
		done
	done
}

run_test() {
	io_timeout=30000
	start_watching
	loops=
	held_back=0
	starve
	until_over
	# shellcheck disable=SC2086 # a list
	kill $loops
	echo "$total_ios requests in $DURATION s, the longest took $longest_ms ms;" \
		"$(queue_value interrupts) interrupts, $(queue_value spurious) that found nothing," \
		"$held_back held back, $(queue_value irqdisable_polls) timeout polls, $(queue_value lost) lost"
	expect_at_least "interrupts that were held back" $held_back 100
	proved $held_back
	expect_nothing_lost
	expect_no_reset
	for class in masked pending message early undeliverable intx silent; do
		expect_eq "losses called $class" "$(queue_value $class)" 0
	done
	expect_eq "vectors restored" "$(queue_value vector_restores)" 0
	fault clear 1
	expect_healthy
}
