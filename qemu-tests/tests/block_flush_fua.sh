# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a volatile write cache is flushed when asked for, and left alone otherwise"
TIMEOUT=30

flushes() {
	trace_count pci_nvme_flush_ns
}

run_test() {
	start_driver
	trace pci_nvme_flush_ns
	queue=/sys/block/${DISK#/dev/}/queue
	expect_eq "write_cache" "$(cat "$queue/write_cache")" "write back"
	expect_eq "fua" "$(cat "$queue/fua")" 1

	before=$(flushes)
	io_run --depth=4 --count=50 --length=4M --max=64k
	expect_eq "flushes without need" $(($(flushes) - before)) 0
	range "$DISK" flush 0 0 || fail "fsync failed"
	expect_eq "flushes by one fsync" $(($(flushes) - before)) 1

	# A write that must be durable goes to the medium by itself, without a flush.
	before=$(flushes)
	io_run --depth=4 --count=50 --length=4M --max=64k --dsync
	expect_eq "flushes by durable writes" $(($(flushes) - before)) 0
	expect_nothing_lost
	expect_resets 0
}
