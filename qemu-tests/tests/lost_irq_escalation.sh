# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a vector that stays dead: restored, then one reset, then polled; once repaired, back to interrupts"
COVERS="A3"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

EVENTS=/sys/kernel/debug/tracing/events/nvmepp
TRACE=/sys/kernel/debug/tracing/trace

# traced TEXT: how many tracepoints have said this, to the end of the line
traced() {
	grep -c ": $1\$" $TRACE
}

# What everybody may read must be what the tables of debugfs add up to.
expect_totals() {
	totals=/sys/bus/pci/devices/$BDF/nvmepp
	expect_eq "sysfs: lost_irq_completions" "$(cat "$totals/lost_irq_completions")" "$(queue_value lost)"
	for name in irqdisable_polls vector_restores polled; do
		expect_eq "sysfs: $name" "$(cat "$totals/$name")" "$(queue_value $name)"
	done
	for name in resets reset_failures lost_irq_resets; do
		expect_eq "sysfs: $name" "$(cat "$totals/$name")" "$(controller_value $name)"
	done
	expect_eq "sysfs: state" "$(cat "$totals/state")" live
}

# What tracepoints recorded, against what the driver counted.
expect_traced() {
	here="$CONTROLLER queue $queue"
	expect_at_least "traced: losses" \
		"$(traced "nvmepp_lost_irq: $here: [1-9][0-9]* taken, class message, action restore")" 1
	expect_eq "traced: the recovery that reset" \
		"$(traced "nvmepp_lost_irq: $here: [1-9][0-9]* taken, class message, action reset")" 1
	expect_at_least "traced: the recovery that began polling" \
		"$(traced "nvmepp_lost_irq: $here: [1-9][0-9]* taken, class message, action poll")" 1
	expect_at_least "traced: vectors restored" "$(traced "nvmepp_vector_restore: $here: vector restored")" 1
	expect_eq "traced: resets" "$(traced "nvmepp_reset: $CONTROLLER resetting: .*")" 1
	polled=$(traced "nvmepp_mode: $here: fallback-poll")
	expect_at_least "traced: times that it was polled" "$polled" 1
	expect_eq "traced: times that it was not any more" \
		"$(traced "nvmepp_mode: $here: interrupts")" "$polled"
}

back_to_interrupts() {
	io_run --cpu=0 --depth=1 --count=4000 --length=8M --max=16k --state=/run/io.state
	! is_polled "$queue"
}

run_test() {
	io_timeout=60000
	start_watching
	echo 1 >$EVENTS/enable
	hold "$vector"
	io_start --cpu=0 --depth=4 --ms=$((8000 * SLOWNESS)) --length=8M --max=64k --state=/run/io.state
	# Until it is broken again a mended vector may bring enough interrupts to go back to them for a
	# moment: so it is looked at while there is load, and more than once.
	until_true $((8 * SLOWNESS)) is_polled "$queue" || fail "the queue is not polled"
	io_end
	expect_good_io
	expect_at_most "longest request, ms" "$io_longest_ms" 3000
	# At 100 ms a request all of it would be 320 in 8 s.
	expect_at_least "requests" "$io_ios" 1000
	expect_at_least "vectors restored" "$(queue_value vector_restores)" 1
	expect_eq "resets for lost interrupts" "$(controller_value lost_irq_resets)" 1
	expect_resets 1
	expect_at_least "requests found by polling" "$(queue_value polled)" $((io_ios / 2))

	release
	# Only the driver restores the vector: it tries while there is I/O.
	is_broken "$vector" || fail "the vector works"
	# Each time that it was polled, and then not for a moment, makes it four times as many.
	until_true $((30 * SLOWNESS)) back_to_interrupts || fail "the queue is still polled"
	! is_broken "$vector" || fail "the vector is broken"
	expect_resets 1
	echo 0 >$EVENTS/enable
	expect_traced
	expect_totals
}
