# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="large requests in flight make as many tables, once; what is kept for the next ones has a limit"
DRIVERS=nvmepp
DEVICE=slow
TIMEOUT=60

LIMIT=$((4 << 20))

run_test() {
	start_driver
	before=$(controller_value table_allocations)
	# The device answers after more than a second: a batch is in flight as a whole.
	said=$(load "$DISK" read 64k 64 128) || fail "reads of 64 KiB"
	eval "$said"
	made=$(($(controller_value table_allocations) - before))
	echo "$((count + warm)) requests of 64 KiB, 64 at a time: $made tables, $(controller_value table_bytes) bytes"
	expect_at_least "requests" $((count + warm)) 256
	expect_at_least "tables for 64 requests at a time" $made 64
	expect_at_most "tables for 64 requests at a time" $made 66
	expect_at_least "bytes that are kept" "$(controller_value table_bytes)" $((64 * 1280))

	# Of the largest kind, 8 KiB each: more than may be kept.
	load "$DISK" read 144k 640 640 >/dev/null || fail "reads of 144 KiB"
	made=$(($(controller_value table_allocations) - before))
	kept=$(controller_value table_bytes)
	echo "640 requests of 144 KiB at a time: $made tables since the beginning, $kept bytes"
	expect_at_least "tables since the beginning" $made 700
	expect_at_least "bytes that are kept" "$kept" $((LIMIT - 16384))
	expect_at_most "bytes that are kept" "$kept" $LIMIT
	expect_nothing_lost
	expect_resets 0
}
