# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a CPU goes offline and comes back under load: no request is lost"
COVERS="D1"
TIMEOUT=60

run_test() {
	start_driver
	io_start --jobs=2 --depth=8 --ms=5000 --length=16M --max=64k
	for _ in 1 2 3; do
		usleep 400000
		echo 0 >/sys/devices/system/cpu/cpu1/online || fail "CPU 1 does not go offline"
		usleep 400000
		echo 1 >/sys/devices/system/cpu/cpu1/online || fail "CPU 1 does not come back"
	done
	io_end
	expect_good_io
	expect_at_most "longest request, ms" "$io_longest_ms" 1400
	expect_nothing_lost
	expect_resets 0
	expect_healthy
}
