# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the function is absent and stays so: I/O fails at once after the timeout, whatever ctrl_loss_tmo is"
PROFILE=faults
COVERS="C5"
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

# The timeout itself, blk-mq's second, and the time that the vendor id is read for.
FAILED_MS=$((IO_TIMEOUT_MS + 1000 + 1500))

run_test() {
	start_driver
	kept_data
	load_starts 30000
	keep_counters
	fault gone 1
	until_true "$((20 * SLOWNESS))" test -s /run/io.out || fail "requests hang"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_at_least "failed requests" "$io_errors" 1
	expect_at_least "the longest request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_at_most "the longest request's time, ms" "$io_longest_ms" $((FAILED_MS + io_late_ms))
	expect_hits_at_least gone 2
	[ "$DRIVER" = nvme ] || expect_log "gone"
	fault clear 1
	revive
	kept_data
}
