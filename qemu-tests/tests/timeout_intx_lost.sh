# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="INTx disabled behind the driver's back: a poll completes the request"
COVERS="D6"
PROFILE=intx
TIMEOUT=30

run_test() {
	start_driver
	intx off
	one_request_start
	# a slow guest's device may still be at it
	until_true 1 intx_asserted || fail "the device asserts no interrupt"
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_lost 1
	intx on
	expect_healthy
	expect_resets 0
}
