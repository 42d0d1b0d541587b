# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the disk holds the swap of a machine short of memory: lost interrupts, an outage, resets; every page is right"
PROFILE=faults_memory
DEVICE=root
COVERS="C12"
WHEN=all
TIMEOUT=480

# shellcheck source=../guest/swap.sh
. /lib/swap.sh

lost_interrupts() {
	fault seed 7 one-in 10 queues $((0xfffffffe)) irq-drop "$FOREVER"
	until_swapping 3000
	# A queue that the driver polls by a timer raises none for a while.
	until_true "$((60 * SLOWNESS))" has_struck irq-drop 10 ||
		fail "only $(fault_hits irq-drop) interrupts were dropped"
	fault irq-drop 0 one-in 1
}

an_outage() {
	outage 7000
	usleep 7500000
	until_swapping 1000
	expect_hits_at_least outage 1
}

resets() {
	for round in 1 2 3 4 5; do
		reset_until_live 30
		until_swapping 300
	done
}

run_test() {
	start_swapping
	thrash_start 90000
	until_swapping 3000
	for step in lost_interrupts an_outage resets; do
		echo "--- $step"
		$step
		fault clear 1
	done
	echo "$(swapped) pages swapped"
	thrash_end
	stop_swapping
}
