# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="reboot while the device holds a command for good: in bounded time, and with a shutdown in order"
DRIVERS=nvmepp
TIMEOUT=60
WHEN=all

run_test() {
	# Timeouts that are too long to end the shutdown.
	start_driver io_timeout_ms=3600000 admin_timeout_ms=600000 shutdown_timeout_ms=1000
	trace pci_nvme_mmio_shutdown_set
	idle=$(in_flight)	# the request for events
	memory_decode off
	one_request_start
	memory_decode on
	expect_eq "requests without a completion" "$(($(in_flight) - idle))" 1
	reboot_and_expect pci_nvme_mmio_shutdown_set
}

in_flight() {
	echo $(($(queue_value submitted) - $(queue_value completed)))
}
