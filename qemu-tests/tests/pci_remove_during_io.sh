# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unbound while requests are in flight: they end, with errors or without"
COVERS="C5"
TIMEOUT=60

run_test() {
	start_driver
	for _ in 1 2 3; do
		io_start --jobs=2 --depth=16 --ms=10000 --length=16M --max=128k --no-check
		usleep 300000
		unbind_device
		until_true 15 test -s /run/io.out || fail "requests hang after the unbind"
		io_end
		expect_eq "blocks with wrong data" "$io_mismatches" 0
		expect_at_least "failed requests" "$io_errors" 1
		bind_device
		find_disks
	done
	expect_healthy
}
