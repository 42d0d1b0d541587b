# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the kernel has disabled a vector after a storm: named so, and one reset heals it"
PROFILE=faults
DRIVERS=nvmepp
EXPECT_LOG="nobody cared"
WHEN=all
TIMEOUT=120

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# The kernel disables an interrupt of which 99,900 in 100,000 were for nothing, with no pause of a
# tenth of a second between two. So one storm has to do it: between two of them is such a pause. It
# comes from the vector's own CPU, since two that are raised before the first is handled are one.
STORM=250000
ROUNDS=8

times_disabled() {
	test_log | grep -c "Disabling IRQ #$(irq_of_queue "$queue")"
}

storm() {
	before=$(times_disabled)
	for _ in $(seq $ROUNDS); do
		taskset 1 bar "$BDF" raise "$vector" $STORM
		[ "$(times_disabled)" = "$before" ] || return 0
	done
	fail "the kernel still cares after $ROUNDS storms of $STORM interrupts"
}

# From now on the kernel tries the handler every 100 ms: the watchdog is faster.
lose() {
	start_watching lost_irq_ms=20
	storm
	expect_hits_at_least irq-raise 50000
	expect_at_least "interrupts for nothing" "$(queue_value spurious "$queue")" 50000
	io_start --cpu=0 --depth=1 --ms=1000 --length=8M --max=64k
	io_end
	expect_good_io
	expect_lost 1
	# The kernel's own try and the poll may not both take an entry.
	expect_eq "completions skipped" "$(queue_value bad)" 0
	expect_queue_at_least undeliverable 1
	expect_log "QID $queue: lost interrupt \(undeliverable\)"
	expect_controller resets 1
	expect_controller lost_irq_resets 1
	expect_controller reset_failures 0
	! is_polled "$queue" || fail "queue $queue is polled after a reset that has healed it"
	expect_nothing_more_lost
	expect_controller resets 1
}

run_test() {
	with_each_timeout lose
}
