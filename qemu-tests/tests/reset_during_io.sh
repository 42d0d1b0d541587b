# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the controller is reset six times under load: no request fails, every byte is right"
COVERS="A2 C2"
TIMEOUT=90

run_test() {
	start_driver
	under_load --jobs=2 --depth=16 --ms=$((8000 * SLOWNESS)) --length=16M --max=128k
	for _ in 1 2 3 4 5 6; do
		usleep 400000
		reset_controller || fail "the reset failed"
	done
	[ ! -s /run/io.out ] || fail "the load has ended before the resets did"
	io_end
	expect_good_io
	expect_at_least "requests" "$io_ios" 50
	expect_nothing_lost
	expect_healthy
}
