# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a CPU goes offline and comes back while the controller is reset under load: neither waits for the other"
COVERS="D1"
TIMEOUT=60

resets_until_done() {
	while [ ! -s /run/io.out ]; do
		reset_controller
		usleep 50000
	done
}

run_test() {
	start_driver
	io_start --jobs=2 --depth=8 --ms=6000 --length=16M --max=64k
	# Both jobs want to begin on a CPU of their own.
	usleep 1000000
	resets_until_done &
	resetter=$!
	while [ ! -s /run/io.out ]; do
		echo 0 >/sys/devices/system/cpu/cpu1/online || fail "CPU 1 does not go offline"
		usleep 50000
		echo 1 >/sys/devices/system/cpu/cpu1/online || fail "CPU 1 does not come back"
		usleep 50000
	done
	wait $resetter
	io_end
	expect_good_io
	expect_nothing_lost
	expect_healthy
}
