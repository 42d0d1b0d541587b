# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="why a reset follows is in the log each time, however many commands time out with it"
DRIVERS=nvmepp
TIMEOUT=60

# The kernel leaves lines out that come by more than ten in 5 s: three resets take less than that.
DEPTH=32
ROUNDS=3

# Most of them: what is adjacent is merged.
in_flight() {
	[ "$(awk '{ print $1 + $2 }' "/sys/block/${DISK#/dev/}/inflight")" -ge $((DEPTH / 2)) ]
}

swallow_all() {
	memory_decode off
	io_start --cpu=0 --depth=$DEPTH --count=$DEPTH --length=8M --max=4k
	until_true 5 in_flight || fail "the requests are not sent"
	usleep 100000
	memory_decode on
	[ ! -s /run/io.out ] || fail "requests were answered: the fault did not fire"
	io_end
	expect_good_io
}

run_test() {
	IO_TIMEOUT_MS=1000
	start_driver
	started=$(now_ms)
	for round in $(seq $ROUNDS); do
		swallow_all
	done
	expect_at_most "time of all rounds, ms" $(($(now_ms) - started)) 9000
	expect_resets $ROUNDS
	expect_eq "lines that say why" "$(log_lines 'timeout, reset controller')" $ROUNDS
	expect_at_least "lines of commands that wait for a reset" "$(log_lines 'reset in progress')" 9
}
