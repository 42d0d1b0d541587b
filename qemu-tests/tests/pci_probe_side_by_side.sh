# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two controllers that are ready late are brought up side by side, and insmod waits for both"
PROFILE=faults
TIMEOUT=60

LATE_MS=3000

run_test() {
	other=$(pci_address hot)
	echo >"/sys/bus/pci/devices/$other/driver_override"
	for DEVICE in plain hot; do
		fault ready-late-ms $LATE_MS enable-late 1
	done
	started=$(now_ms)
	driver_insert || fail "the driver cannot be loaded"
	took=$(($(now_ms) - started))
	for DEVICE in hot plain; do
		expect_hits enable-late 1
		fault clear 1
		BDF=$(pci_address $DEVICE)
		has_disk || fail "insmod has returned, and $DEVICE has no disk"
	done
	expect_at_least "time of insmod, ms" $took $LATE_MS
	expect_at_most "time of insmod, less than one after the other, ms" $took $((2 * LATE_MS - 1))
	find_disks
	expect_healthy
}
