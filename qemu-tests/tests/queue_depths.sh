# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="shallow queues under a deep load fill up and wrap, a deep one works too: nothing is lost"
COVERS="A5"
DRIVERS=nvmepp
TIMEOUT=60

run_test() {
	for depth in 2 3 64 4095; do
		start_driver queue_depth=$depth
		io_run --jobs=2 --depth=128 --count=400 --length=8M --max=8k
		expect_nothing_lost
		expect_resets 0
		stop_driver
	done
	start_driver
	# Blocks of 16 and 4 pages for the rings: an entry more would double them.
	sqsize=$(cat "/sys/class/nvmepp-controller/$CONTROLLER/sqsize")
	expect_eq "entries of a queue, less one" "$sqsize" 1023
	expect_at_most "bytes that a queue takes" "$(controller_value queue_bytes)" $((180 * 1024))
	stop_driver
	start_driver max_queues=1
	expect_eq "io_queues" "$(controller_value io_queues)" 1
	io_run --jobs=2 --depth=32 --count=200 --length=8M --max=64k
}
