# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
DESCRIPTION="after everything: no memory is lost, and DMA mappings were used as they must be"
DEVICE=none
NEEDS="CONFIG_DEBUG_KMEMLEAK CONFIG_DMA_API_DEBUG"
WHEN=last
EXPECT_LOG="new suspected memory leaks"
TIMEOUT=30

KMEMLEAK=/sys/kernel/debug/kmemleak
DMA_API=/sys/kernel/debug/dma-api

# How many objects kmemleak names, but for those that are known to be the kernel's own loss:
# where memory for a slab cache's folder in sysfs is short, sysfs_slab_add() of 6.1 loses its name.
lost_objects() {
	awk '/^unreferenced/ { objects++; known = 0 }
	     /sysfs_slab_add/ && !known { known = 1; others++ }
	     END { print objects - others }' $KMEMLEAK
}

run_test() {
	# An object counts as lost when it is 5 s old and two scans have found it so.
	usleep 5000000
	for _ in 1 2; do
		echo scan >$KMEMLEAK || fail "kmemleak has switched itself off"
	done
	cat $KMEMLEAK
	expect_eq "lost objects" "$(lost_objects)" 0

	expect_eq "dma-debug has switched itself off" "$(cat $DMA_API/disabled)" N
	expect_eq "wrong uses of the DMA API" "$(cat $DMA_API/error_count)" 0
}
