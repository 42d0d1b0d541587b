# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="asynchronous events of all kinds under load and resets: nothing fails"
PROFILE=faults
COVERS="B7 C9"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

run_test() {
	start_driver
	load_starts 8000
	for round in 1 2 3 4 5 6; do
		# error, health, notice; types that do not exist
		for event in 0x000101 0x010002 0x020002 0x020302 0x060001 0x070001; do
			fault event $((event))
		done
		fault ns-event 1 ns-event 7
		[ $((round % 2)) = 0 ] || reset_controller || fail "the reset failed"
		usleep 300000
	done
	io_end
	expect_good_io
	expect_hits event 36
	[ "$DRIVER" != nvmepp ] || expect_at_least "events" "$(controller_value events)" 6
	expect_healthy
}
