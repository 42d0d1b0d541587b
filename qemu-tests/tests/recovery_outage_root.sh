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
	thrash_start 30000
	set_is_done 1
	until_swapping 2000
	outage $OUTAGE_MS
	sleep 10
	before=$(sets) swapped_then=$(swapped)
	sleep 100
	expect_at_most "sets of files finished in the outage" $(($(sets) - before)) 1
	echo "swapped $(($(swapped) - swapped_then)) pages in the outage"
	sleep 10
	expect_hits_at_least outage 2
	set_is_done $(($(sets) + 2))
	thrash_end
	files_end
	stop_swapping
	until_true 10 controller_live || fail "the controller is $(ctrl_state)"
}
