# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="devices with one I/O queue, one vector, or two vectors"
DEVICE=onequeue
TIMEOUT=60

run_test() {
	for device in onequeue onevector twovectors; do
		use_device $device
		start_driver
		echo "$device: $(grep -c " ${CONTROLLER}q" /proc/interrupts) interrupts"
		io_run --jobs=2 --depth=16 --count=100 --length=16M --max=256k --split
		expect_nothing_lost
		expect_resets 0
		stop_driver
	done
}
