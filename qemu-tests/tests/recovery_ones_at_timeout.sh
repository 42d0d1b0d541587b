# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="one register read is all-ones while a command is timed out: one reset, the disk serves"
PROFILE=faults
COVERS="C5"
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

# timed_out_with READS: so many registers read as all-ones from the timeout on
timed_out_with() {
	echo "--- $1 reads"
	settle
	fault queues $((0xfffffffe)) cmd-drop 1 read-ones "$1"
	io_start --cpu=0 --count=1 --start=32M --length=1M --max=4k --reads=0 --no-check
	until_true "$((20 * SLOWNESS))" test -s /run/io.out || fail "the request hangs"
	io_end
	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_hits cmd-drop 1
	expect_hits read-ones "$1"
	expect_few_resets 0
	fault clear 1
	expect_alive
}

run_test() {
	start_driver
	kept_data
	timed_out_with 1
	timed_out_with 3
}
