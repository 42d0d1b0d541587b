# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="no memory for any table: large requests go through the controller's reserve, one at a time"
DRIVERS=nvmepp
NEEDS="CONFIG_FAILSLAB"
TIMEOUT=60

FAILSLAB=/sys/kernel/debug/failslab

run_test() {
	start_driver
	before=$(controller_value table_allocations)
	# Scatterlists of small and of large tables, where the caller must not sleep.
	echo Y >$FAILSLAB/cache-filter
	for cache in kmalloc-1k kmalloc-4k; do
		expect_eq "$cache may fail" "$(cat /sys/kernel/slab/$cache/failslab)" 1
	done
	echo 0 >$FAILSLAB/verbose
	echo -1 >$FAILSLAB/times
	echo 100 >$FAILSLAB/probability
	io_run --jobs=2 --depth=16 --count=100 --length=16M --min=32k --max=256k
	echo 0 >$FAILSLAB/probability
	expect_eq "tables that were made" "$(controller_value table_allocations)" "$before"
	expect_nothing_lost
	expect_resets 0

	io_run --jobs=2 --depth=16 --count=100 --length=16M --min=32k --max=256k
	expect_at_least "tables once there is memory" "$(controller_value table_allocations)" \
		$((before + 1))
}
