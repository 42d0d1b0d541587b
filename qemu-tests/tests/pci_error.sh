# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="PCI errors under load (AER): what is not fatal costs nothing, after a fatal one I/O goes on"
NEEDS="CONFIG_PCIEAER"
DRIVERS=nvmepp
TIMEOUT=90
WHEN=all

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

run_test() {
	start_driver
	under_load --jobs=2 --depth=16 --ms=2000 --length=16M --max=128k
	pci_error $NOT_FATAL
	until_true 5 recovered 1 || fail "the kernel does not recover from an error that is not fatal"
	io_end
	expect_good_io
	expect_eq "pauses" "$(pauses)" 0

	io_start --jobs=2 --depth=16 --ms=$((TIMEOUT * 1000)) --length=16M --max=128k
	for error in 2 3; do
		usleep 500000
		pci_error $FATAL
		until_true 15 recovered $error || fail "the kernel does not recover from a fatal error"
		controller_live || fail "after recovery the controller is $(controller_value state)"
	done
	io_enough
	io_end
	expect_good_io
	expect_eq "pauses" "$(pauses)" 2
	expect_resets 0
	expect_healthy
}
