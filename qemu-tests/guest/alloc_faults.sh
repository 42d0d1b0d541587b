# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Making one allocation of a task fail, the n-th from now on. What counts are the caches that
# the kernel's command line names, and pages.

FAILSLAB=/sys/kernel/debug/failslab
FAIL_PAGES=/sys/kernel/debug/fail_page_alloc

# The driver without the device, which is enabled once more, so that nobody evaluates ACPI methods
# with their hundreds of allocations. A failed MSI-X is not replaced: QEMU's admin queue loses
# interrupts when it has begun with INTx.
load_for_alloc_faults() {
	load_without_device interrupts=msix
	echo 1 >"/sys/bus/pci/devices/$BDF/enable"
}

alloc_faults_prepare() {
	expect_eq "slab caches that may fail" "$(cat /sys/kernel/slab/kmalloc-64/failslab)" 1
	echo Y >$FAILSLAB/cache-filter
	# Also where the task may wait for memory, and also a single page.
	echo N >$FAILSLAB/ignore-gfp-wait
	echo N >$FAIL_PAGES/ignore-gfp-wait
	echo 0 >$FAIL_PAGES/min-order
	# Each failure tells where it happened.
	echo 2 >$FAILSLAB/verbose
	echo 2 >$FAIL_PAGES/verbose
	injections=0
}

# with_nth_fault N TASK FILE TEXT: writes TEXT to FILE while the N-th allocation of a task fails;
# false if there were not so many. Nothing else must happen between, so all is open before.
with_nth_fault() {
	exec 5<>"/proc/$2/fail-nth"
	exec 6>"$3"
	echo "$1" >&5
	echo "$4" >&6
	read -r faults_left <&5
	echo 0 >&5
	exec 5>&- 6>&-
	[ "$faults_left" = 0 ] || return 1
	injections=$((injections + 1))
} 2>/dev/null
