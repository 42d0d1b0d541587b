# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a Deallocate command fails, then is swallowed: done again each time, nothing freed twice"
PROFILE=faults
COVERS="C11"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

OPCODE_DSM=9

discard() {
	range "$DISK" fill 0 3M 5 || fail "cannot write"
	range "$DISK" discard 1M 1M || fail "discard failed"
	range "$DISK" check 0 1M 5 || fail "data before the range changed"
	range "$DISK" is-zero 1M 1M || fail "the range is not zero"
	range "$DISK" check 2M 1M 5 || fail "data after the range changed"
}

run_test() {
	start_driver
	fault opcode $OPCODE_DSM cqe-error 2
	discard
	expect_hits cqe-error 2
	expect_resets 0
	for knob in cmd-drop cqe-drop; do
		fault clear 1 opcode $OPCODE_DSM $knob 1
		discard
		expect_hits $knob 1
	done
	expect_resets 2
	fault clear 1
	expect_healthy
}
