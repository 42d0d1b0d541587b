# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="somebody else has disabled the controller: one reset recovers"
COVERS="C1"
TIMEOUT=30

CSTS_READY=1

run_test() {
	start_driver
	controller_disable
	one_request_start
	expect_eq "CSTS.RDY" $(($(controller_status) & CSTS_READY)) 0
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_resets 1
	expect_healthy
	expect_resets 1
}
