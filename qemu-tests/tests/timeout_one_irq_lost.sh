# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="one lost interrupt: a poll completes the request, nothing is reset"
TIMEOUT=30

run_test() {
	start_driver
	queue=$(queue_of_cpu 0)
	vector=$(vector_of_queue "$queue")
	io_run --cpu=0 --depth=4 --count=20 --length=4M --max=64k
	seen=$(interrupts_seen "$queue")

	msix "$BDF" break "$vector"
	one_request_start
	expect_vector "$vector" address 00000000:00000000
	expect_eq "interrupts while the vector was broken" "$(interrupts_seen "$queue")" "$seen"
	msix "$BDF" restore "$vector"
	io_end

	expect_good_io
	expect_at_least "the request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_lost 1
	expect_resets 0
	expect_healthy
}
