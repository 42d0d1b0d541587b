# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="commands are swallowed: one reset, and I/O goes on within 1.2 timeouts and a second"
PROFILE=faults
COVERS="C3 C10"
WHEN=all
TIMEOUT=120

# shellcheck source=../guest/bounds.sh
. /lib/bounds.sh

# swallowed KNOB TIMES: at the same time
swallowed() {
	echo "--- $1, $2 times"
	settle
	count_resets
	fault queues $((0xfffffffe)) "$1" "$2"
	io_start --jobs=2 --depth=8 --ms=9000 --start=16M --length=16M --max=64k --seed=4
	io_end
	expect_good_io
	expect_hits "$1" "$2"
	expect_waited $SERVED_AGAIN_MS
	expect_one_reset
	expect_survival
	fault clear 1
	kept_data
}

run_test() {
	start_driver
	kept_data
	for knob in cmd-drop cqe-drop cqe-cid; do
		swallowed $knob 1
		swallowed $knob 5
	done
}
