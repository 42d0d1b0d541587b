# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the Flushes by which a reset tests its vectors are dropped, once, twice and ten times: the controller goes live"
PROFILE=faults
DRIVERS=nvmepp
COVERS="C3 C7"
TIMEOUT=180

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

FLUSH=0

run_test() {
	start_driver
	kept_data
	for count in 1 2 10; do
		echo "--- $count"
		load_starts 20000
		fault queues $((0xfffffffe)) opcode $FLUSH cmd-drop $count
		reset_until_live 30
		expect_hits_at_least cmd-drop 1
		fault clear 1
		load_is_right
	done
	# A Flush that was never answered is in flight until a reset cancels it.
	reset_until_live 30
	expect_eq "controllers that were given up" "$(log_lines 'given up|Removing|failing')" 0
}
