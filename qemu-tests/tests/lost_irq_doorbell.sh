# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="a shadow doorbell that the device misses is repeated by register in tens of milliseconds, and is no lost interrupt"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

MOST_MS=$((100 * SLOWNESS))

run_test() {
	io_timeout=30000
	start_watching shadow_doorbells=1
	expect_eq "shadow doorbells" "$(controller_value shadow_doorbells)" 1
	fault queues "$(queue_bits "$queue")" event-far 3
	io_run --cpu=0 --count=8 --length=1M --max=4k --reads=0 --no-check
	expect_hits event-far 3
	expect_at_least "the longest wait, ms" "$io_longest_ms" 8
	expect_at_most "the longest wait, ms" "$io_longest_ms" $((MOST_MS + io_late_ms))
	expect_at_least "registers that repeat a doorbell" "$(queue_value rung_again "$queue")" 3
	expect_queue lost_doorbells 0
	expect_queue lost 0
	expect_no_reset
	expect_healthy
}
