# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a vector masked behind the driver's back: a poll completes the request"
COVERS="D8"
TIMEOUT=30

run_test() {
	start_driver
	vector=$(vector_of_queue "$(queue_of_cpu 0)")

	msix "$BDF" mask "$vector"
	one_request_start
	expect_vector "$vector" masked 1
	expect_vector "$vector" pending 1
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_lost 1
	# The interrupt that waited comes now, when its completion is long gone.
	msix "$BDF" unmask "$vector"
	expect_healthy
	expect_resets 0
}
