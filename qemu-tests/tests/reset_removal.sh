# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="removed at ten moments of a slow reset under load: both end, requests end, it works after a bind"
PROFILE=faults
COVERS="C5 C9"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

unbind_after() {
	usleep "$1"
	unbind_device
}

run_test() {
	start_driver
	for delay in 0 20000 50000 100000 200000 400000 700000 1000000 1500000 2500000; do
		load_starts 8000
		counters_base=
		# With 200 ms a command the reset takes two seconds.
		fault clear 1 queues "$(queue_bits admin)" cqe-hold-ms 200 cqe-hold "$FOREVER"
		(reset_controller 2>/dev/null) 3>&- &
		bounded_start unbind_after $delay
		bounded_end "the removal $((delay / 1000)) ms into the reset"
		until_true 15 test -s /run/io.out || fail "requests hang after the removal"
		io_end
		expect_eq "blocks with wrong data" "$io_mismatches" 0
		expect_eq "disks of a removed device" "$(disks)" ""
		[ $delay -lt 50000 ] || expect_hits_at_least cqe-hold 1
		fault clear 1
		bind_device
		find_disks
	done
	expect_healthy
}
