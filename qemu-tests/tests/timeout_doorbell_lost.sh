# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a shadow doorbell that the device misses, watchdog off: the timeout rings by register, nothing is reset"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=30

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

run_test() {
	start_driver lost_irq_ms=0 shadow_doorbells=1
	queue=$(queue_of_cpu 0)
	expect_eq "shadow doorbells" "$(controller_value shadow_doorbells)" 1
	io_run --cpu=0 --depth=4 --count=20 --length=4M --max=64k
	expect_queue rung_again 0

	# The device asks for the next doorbells too late, and has then done all that it knows of.
	fault queues "$(queue_bits "$queue")" event-far 1
	io_run --cpu=0 --count=1 --length=1M --max=4k --reads=0 --no-check
	expect_hits event-far 1
	one_request_start
	expect_queue rung_again 0
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_queue rung_again 1
	expect_queue lost_doorbells 1
	expect_eq "lines that say so" "$(log_lines "timeout, completed when rung again .lost doorbell.")" 1
	expect_nothing_lost
	expect_resets 0
	io_run --cpu=0 --depth=4 --count=200 --length=4M --max=64k
	expect_at_most "longest request afterwards, ms" "$io_longest_ms" 1400
	expect_queue lost_doorbells 1
	expect_healthy
}
