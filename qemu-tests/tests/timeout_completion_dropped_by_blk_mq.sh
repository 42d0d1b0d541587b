# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="completions that the block layer drops: a poll finds nothing, one reset, data right"
COVERS="A6"
DRIVERS=nvmepp
NEEDS="CONFIG_FAIL_IO_TIMEOUT"
TIMEOUT=60

FAULT=/sys/kernel/debug/fail_io_timeout

run_test() {
	start_driver
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=64k --state=/run/io.state

	for round in 1 2 3; do
		echo 1 >"/sys/block/${DISK#/dev/}/io-timeout-fail"
		echo 100 >$FAULT/probability
		echo 1 >$FAULT/times
		one_request_start --start=32M
		expect_eq "completions still to drop" "$(cat $FAULT/times)" 0
		echo 0 >"/sys/block/${DISK#/dev/}/io-timeout-fail"
		io_end
		expect_good_io
		expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
		expect_resets $round
		DROPPED=$round
	done
	expect_nothing_lost
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=64k --state=/run/io.state
	expect_healthy
	expect_resets 3
}
