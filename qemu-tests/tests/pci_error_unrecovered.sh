# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a fatal PCI error that the kernel does not recover from: all I/O fails in bounded time"
DEVICE=hot
NEEDS="CONFIG_PCIEAER"
DRIVERS=nvmepp
TIMEOUT=60
WHEN=all

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

# The disks fail at the first failed attempt.
CTRL_LOSS_TMO=0

recovery_failed() {
	test_log | grep -q "device recovery failed"
}

dead() {
	[ "$(controller_value state)" = dead ]
}

run_test() {
	start_driver
	under_load --jobs=2 --depth=8 --ms=30000 --length=16M --max=64k --no-check
	pci_error $FATAL
	until_true 10 recovery_failed || fail "the kernel has recovered"
	until_true 20 dead || fail "the controller is $(controller_value state)"
	# Two timeouts of 2 s for the PCI core, then one attempt, which fails.
	waited=$(ms_between "pausing: PCI error recovery" "dead: ")
	expect_at_least "until the disks fail, ms" "$waited" 3900
	expect_at_most "until the disks fail, ms" "$waited" 6000
	until_true 5 test -s /run/io.out || fail "requests hang"
	io_end
	expect_at_least "good requests" "$io_ios" 10
	expect_at_least "failed requests" "$io_errors" 1
	expect_eq "blocks with wrong data" "$io_mismatches" 0

	# The bus has been reset: the device has no BARs until the bus is scanned again.
	counters_base=
	driver_remove || fail "the driver cannot be removed"
	echo 1 >"/sys/bus/pci/devices/$BDF/remove"
	echo 1 >/sys/bus/pci/rescan
	start_driver
	expect_healthy
}
