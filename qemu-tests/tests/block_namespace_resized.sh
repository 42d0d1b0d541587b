# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace disappears, shrinks and grows under load: errors outside, data right inside, no reset"
PROFILE=faults
COVERS="B7 C4"
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

LBA_OUT_OF_RANGE_AT=$((24 * 2048))

sectors() {
	cat "/sys/block/${DISK#/dev/}/size"
}

has_sectors() {
	[ "$(sectors)" = "$1" ]
}

# has_become SECTORS: the disk has that size, of its own accord with nvmepp
has_become() {
	until_true 10 has_sectors "$1" || fail "the disk has $(sectors) sectors, expected $1"
}

has_gone() {
	! has_disk
}

run_test() {
	start_driver
	kept_data
	refresh_counters
	resets_before=$total_resets

	echo "--- shrinks to 24 MB"
	load_starts 3000
	fault ns-blocks $LBA_OUT_OF_RANGE_AT
	io_end
	expect_at_least "failed requests beyond the end" "$io_errors" 1
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	has_become $LBA_OUT_OF_RANGE_AT
	echo "--- and grows again"
	fault ns-blocks $((64 * 2048))
	has_become $((64 * 2048))
	kept_data

	echo "--- disappears"
	load_starts 3000
	fault ns-detach 1
	io_end
	expect_at_least "failed requests" "$io_errors" 1
	until_true 10 has_gone || fail "its disk is still there"
	bound || fail "the controller is not bound any more"
	fault ns-attach 1
	until_true 10 has_disk || fail "its disk has not come back"
	expect_hits ns-detach 1
	expect_hits ns-attach 1
	find_disks
	kept_data
	refresh_counters
	expect_eq "controller resets" "$total_resets" "$resets_before"
}
