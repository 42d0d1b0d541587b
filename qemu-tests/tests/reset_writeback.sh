# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="writeback while its commands are swallowed and the controller reset: it ends, data right"
PROFILE=faults
COVERS="C12 C4"
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

run_test() {
	start_driver
	dd if=/dev/urandom of=/tmp/data bs=1M count=24 2>/dev/null
	fault queues $((0xfffffffe)) skip 3 cmd-drop 4
	dd if=/tmp/data "of=$DISK" bs=1M 2>/dev/null || fail "cannot write"
	bounded_start sync
	until_true 10 has_struck cmd-drop 1 || fail "no write was swallowed"
	reset_controller || fail "the reset failed"
	bounded_end "sync" || fail "sync failed"
	fault clear 1
	echo 3 >/proc/sys/vm/drop_caches
	cmp -n $((24 * 1048576)) /tmp/data "$DISK" || fail "data differs"
	rm /tmp/data
	expect_healthy
}
