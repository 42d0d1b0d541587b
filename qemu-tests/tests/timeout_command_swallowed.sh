# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a doorbell that never reached the device: one reset, and no data is lost"
COVERS="C3 C10"
TIMEOUT=30

run_test() {
	start_driver
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=64k --state=/run/io.state

	memory_decode off
	one_request_start --start=32M
	expect_eq "a register while memory decoding is off" "$(controller_status)" 0x00000000
	usleep 500000
	memory_decode on
	[ ! -s /run/io.out ] || fail "the request was answered: the fault did not fire"
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_resets 1
	expect_nothing_lost
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=64k --state=/run/io.state
	expect_at_most "longest request after the reset, ms" "$io_longest_ms" 1400
	expect_resets 1
}
