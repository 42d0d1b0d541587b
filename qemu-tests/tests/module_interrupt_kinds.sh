# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the parameter 'interrupts' chooses the kind; a kind that is not there is no crash"
DEVICE=big
DRIVERS=nvmepp
TIMEOUT=45

# Another device than the one that other tests reset: QEMU 7.2 counts completion queues that are
# not empty, and forgets that it has deleted them when the controller is disabled. The pin of such
# a device stays asserted for good.
run_test() {
	for kind in auto msix intx; do
		start_driver interrupts=$kind
		want=$kind
		[ $kind != auto ] || want=msix
		expect_eq "kind of interrupt" "$(controller_value interrupts)" $want
		io_run --jobs=2 --depth=8 --count=60 --length=8M --max=64k
		expect_nothing_lost
		stop_driver
	done

	# QEMU's NVMe has no MSI capability: refused or replaced, but said clearly.
	expect_eq "MSI capability of the device" "$(config "$BDF" capability 5)" 0
	driver_insert interrupts=msi || fail "the module did not load"
	usleep 500000
	expect_log "nvmepp $BDF: .*no MSI vector"
}
