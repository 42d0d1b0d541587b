# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="lost_irq_action caps the escalation: off, log, restore and reset do no more than they say"
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# lose_for_good CAP: several losses with a vector that never works
lose_for_good() {
	start_watching lost_irq_action="$1"
	hold "$vector"
	io_start --cpu=0 --depth=2 --ms=$((1100 * SLOWNESS)) --length=8M --max=64k --no-check
	io_end
	release
	expect_good_io
	is_broken "$vector" || fail "the vector was not held"
	echo "$1: $io_ios requests, $(queue_value lost "$queue") lost, $(queue_value message "$queue")" \
		"called so, $(queue_value vector_restores) restored, $(controller_value resets) resets"
	expect_at_least "losses" "$(queue_value lost "$queue")" 2
	! is_polled "$queue" || fail "polled with lost_irq_action=$1"
	expect_controller reset_failures 0
}

run_test() {
	for io_timeout in 2000 $LARGEST_TIMEOUT; do
		lose_for_good log
		expect_queue_at_least message 2
		expect_queue vector_restores 0
		expect_no_reset
		stop_driver

		lose_for_good restore
		expect_queue_at_least message 2
		expect_queue_at_least vector_restores 2
		expect_no_reset
		stop_driver

		lose_for_good reset
		expect_queue_at_least vector_restores 2
		expect_controller resets 1
		expect_controller lost_irq_resets 1
		stop_driver
	done

	# Off: not even counted by kind, but the rule for a timeout still completes it.
	io_timeout=2000
	start_watching lost_irq_action=off
	msix "$BDF" break "$vector"
	io_start --cpu=0 --depth=1 --count=1 --length=8M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_queue lost 1
	expect_queue message 0
	expect_queue vector_restores 0
	expect_no_reset
	is_broken "$vector" || fail "the vector was restored"
}
