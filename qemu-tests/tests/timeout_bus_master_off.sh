# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a device that may not access memory reports a fatal status: one reset recovers"
COVERS="C1"
TIMEOUT=30

CSTS_FATAL=2

run_test() {
	start_driver
	bus_master_off
	one_request_start
	[ $(($(controller_status) & CSTS_FATAL)) != 0 ] || fail "no fatal status"
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	bus_master_on || fail "the driver did not give the device its bus mastering back"
	expect_resets 1
	expect_healthy
	expect_resets 1
}
