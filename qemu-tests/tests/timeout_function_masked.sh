# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="all vectors masked at once by the function mask: a poll completes the request"
TIMEOUT=30

run_test() {
	start_driver
	vector=$(vector_of_queue "$(queue_of_cpu 0)")

	msix "$BDF" mask-function
	one_request_start
	expect_vector "$vector" masked 0
	expect_vector "$vector" pending 1
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_lost 1
	# A poll changes what the diagnosis sees: it comes after it.
	[ "$DRIVER" = nvme ] || expect_eq "losses called masked" "$(queue_value masked)" 1
	msix "$BDF" unmask-function
	expect_healthy
	expect_resets 0
}
