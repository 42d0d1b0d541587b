# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the watchdog finds lost interrupts long before a timeout and heals the vector"
DRIVERS=nvmepp
TIMEOUT=45

# recovers KIND LEAST_MS COMMAND...: what the command breaks is found once, after LEAST_MS at least,
# named, and restored
recovers() {
	class=$1 least_ms=$2
	shift 2
	named=$(queue_value "$class" "$queue")
	vector_restores=$(queue_value vector_restores "$queue")

	msix "$BDF" "$@"
	io_start --cpu=0 --count=1 --length=1M --max=4k --reads=0 --no-check
	io_end
	expect_good_io
	expect_at_least "time after $1, ms" "$io_longest_ms" "$least_ms"
	expect_at_most "time after $1, ms" "$io_longest_ms" 1400
	expect_eq "losses called '$class'" $(($(queue_value "$class" "$queue") - named)) 1
	expect_eq "vectors restored" $(($(queue_value vector_restores "$queue") - vector_restores)) 1

	# Only the driver can have restored it.
	lost=$(queue_value lost)
	io_run --cpu=0 --depth=4 --count=40 --length=8M --max=64k
	expect_at_most "longest request after $1, ms" "$io_longest_ms" 90
	expect_eq "losses after $1 was healed" $(($(queue_value lost) - lost)) 0
}

run_test() {
	# An io_timeout of the kind that clouds advise: without a watchdog, a stall of 50 days.
	start_driver lost_irq_ms=16 lost_irq_action=poll lost_irq_budget=1000 io_timeout_ms=4294967295
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	io_run --cpu=0 --depth=4 --count=40 --length=8M --max=64k

	recovers message 15 break "$vector"
	# Two of the short ticks that follow a loss.
	recovers masked 4 mask "$vector"
	recovers masked 4 mask-function
	expect_resets 0
}
