# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="a swallowed command is no lost interrupt: the watchdog leaves it to the timeout"
COVERS="C10"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

swallow() {
	start_watching
	memory_decode off
	io_start --cpu=0 --count=1 --length=1M --max=4k --reads=0 --no-check
	usleep 800000
	expect_eq "a register while memory decoding is off" "$(controller_status)" 0x00000000
	[ ! -s /run/io.out ] || fail "the request was answered: the fault did not fire"
	memory_decode on
	# No timeout will ever come to the aid of this one.
	if [ "$io_timeout" = $LARGEST_TIMEOUT ]; then
		usleep 700000
		[ ! -s /run/io.out ] || fail "the request was answered"
		expect_controller resets 0
		reset_controller || fail "the reset failed"
	fi
	io_end
	expect_good_io
	if [ "$io_timeout" = 2000 ]; then
		expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	fi
	expect_nothing_lost
	expect_reset_count 1
	expect_controller lost_irq_resets 0
	! watching || expect_eq "vectors restored" "$(queue_value vector_restores)" 0
	expect_nothing_more_lost
	expect_reset_count 1
}

run_test() {
	with_each_timeout swallow
}
