# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="interrupts lost, late and doubled, stray completions and swallowed commands at random: data right"
PROFILE=faults
COVERS="A1 A4 A5 A6 B1 D8"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

# The same seeds strike the same events, as far as the load is the same.
storm() {
	echo "--- seed $1"
	fault clear 1 seed "$1" one-in 40
	fault queues "$((0xfffffffe))"
	fault irq-drop 20 irq-late 20 irq-dup 20 cqe-extra 20 cqe-dup 20 cqe-hold-ms 700 cqe-hold 20
	# Each of these costs a timeout.
	fault cmd-drop 1 cqe-drop 1 cqe-cid 1
	io_start --jobs=2 --depth=32 --ms=12000 --start=16M --length=16M --max=64k --seed="$1"
	io_end
	expect_good_io
	for knob in irq-drop irq-late irq-dup cqe-extra cqe-dup cqe-hold cmd-drop cqe-drop cqe-cid; do
		echo "$knob struck $(fault_hits $knob) times"
		expect_hits_at_least $knob 1
	done
	fault clear 1
	kept_data
}

run_test() {
	start_driver
	kept_data
	for seed in 1 2 3 4; do
		storm $seed
	done
	refresh_counters
	# Swallowed at different times they cost a reset each.
	expect_at_most "controller resets" "$total_resets" 12
	expect_healthy
}
