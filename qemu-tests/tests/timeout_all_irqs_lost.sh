# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="every I/O interrupt is lost: all requests complete by polls, nothing is reset"
COVERS="A5 D3"
TIMEOUT=45

run_test() {
	start_driver
	for vector in $(io_vectors); do
		msix "$BDF" break "$vector"
	done

	io_start --jobs=2 --depth=8 --count=16 --length=4M --max=64k --reads=25 --no-check \
		--state=/run/io.state
	usleep 500000
	for vector in $(io_vectors); do
		expect_vector "$vector" address 00000000:00000000
	done
	io_end

	expect_good_io
	expect_at_least "the longest request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_at_most "the longest request's time, ms" "$io_longest_ms" 5000
	expect_lost 4
	expect_resets 0
	stop_driver

	# With working interrupts again: what was written is there.
	start_driver
	io_run --jobs=2 --depth=8 --length=4M --max=64k --state=/run/io.state
	expect_at_least "blocks compared" "$io_checked" 1
}
