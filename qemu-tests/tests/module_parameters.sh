# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="parameters out of range are refused with a line that names the range"
DRIVERS=nvmepp
TIMEOUT=60

# refused NAME VALUE RANGE
refused() {
	! insmod /modules/nvmepp.ko "$1=$2" 2>/dev/null || fail "$1=$2 was accepted"
	expect_log "nvmepp: $1=$2: accepted (range|values) (is|are) $3\$"
}

accepted() {
	insmod /modules/nvmepp.ko "$@" || fail "$* was refused"
	rmmod nvmepp || fail "cannot be removed after $*"
}

run_test() {
	echo none >"/sys/bus/pci/devices/$BDF/driver_override"
	refused io_timeout_ms 999 1000..4294967295
	refused io_timeout_ms 0 1000..4294967295
	refused admin_timeout_ms 999 1000..600000
	refused admin_timeout_ms 600001 1000..600000
	refused lost_irq_ms 9 "0 .off. and 10..10000"
	refused lost_irq_ms 10001 "0 .off. and 10..10000"
	refused lost_irq_budget 0 1..1000
	refused max_queues 1025 0..1024
	refused poll_queues 1025 0..1024
	refused queue_depth 1 2..4095
	refused queue_depth 4096 2..4095
	! insmod /modules/nvmepp.ko io_timeout_ms=4294967296 2>/dev/null ||
		fail "a number of 33 bits was accepted"
	! insmod /modules/nvmepp.ko poll_queues=-1 2>/dev/null || fail "poll_queues=-1 was accepted"
	! insmod /modules/nvmepp.ko interrupts=pigeon 2>/dev/null ||
		fail "interrupts=pigeon was accepted"
	expect_log "nvmepp: interrupts=pigeon: accepted .*auto.*msix.*msi.*intx"

	accepted io_timeout_ms=1000 admin_timeout_ms=1000 queue_depth=2
	accepted io_timeout_ms=4294967295 admin_timeout_ms=600000 queue_depth=4095
	accepted max_queues=1024 poll_queues=1024
	offer_device
	start_driver instance_base=7
	expect_eq "first controller with instance_base=7" "$CONTROLLER" nvme7
}
