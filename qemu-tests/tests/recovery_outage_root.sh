# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="an outage of 120 s below a root file system and the swap of a machine short of memory: all goes on afterwards"
PROFILE=faults_memory
DEVICE=root
COVERS="C12"
WHEN=all
TIMEOUT=630

# shellcheck source=../guest/swap.sh
. /lib/swap.sh

IO_TIMEOUT_MS=6000
ADMIN_TIMEOUT_MS=60000
OUTAGE_MS=120000

# set_is_done NUMBER: within a time that an outage is not part of
set_is_done() {
	until_true "$((90 * SLOWNESS))" has_sets "$1" || fail "no set of files is finished: $(sets)"
}

run_test() {
	start_swapping
	make_root
	files_start
	thrash_start 60000
	set_is_done 1
	until_swapping 2000
	finished=$(sets)
	# Nothing on the disk is read until it is over: the test would wait as well.
	outage $OUTAGE_MS
	sleep $((OUTAGE_MS / 1000))
	expect_hits_at_least outage 2
	set_is_done $((finished + 2))
	thrash_end
	expect_at_least "the longest wait of a page, ms" "$thrash_longest_ms" $((OUTAGE_MS / 2))
	files_end
	stop_swapping
	until_true 10 controller_live || fail "the controller is $(ctrl_state)"
}
