# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the device with faults itself: knobs from inside and outside, skip, random, refusals, clear"
PROFILE=faults
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

KNOBS=0xf00
HITS=0xe40

one_request() {
	io_run --cpu=0 --depth=1 --count="$1" --length=1M --max=4k --reads=0 --no-check
}

run_test() {
	start_driver
	expect_eq "its magic number" "$(bar "$BDF" read 0xefc)" 0x746c6166

	# irq-drop is the first knob, skip the third setting after 31 counted ones
	bar "$BDF" write $KNOBS 1
	expect_eq "a knob set by the guest" "$(fault_value irq-drop)" 1
	one_request 1
	expect_hits irq-drop 1
	expect_eq "hits seen by the guest" "$(bar "$BDF" read $HITS)" 0x00000001
	expect_eq "what is left" "$(fault_value irq-drop)" 0

	fault clear 1 skip 10 cqe-dup 1
	one_request 10
	expect_hits cqe-dup 0
	one_request 1
	expect_hits cqe-dup 1

	# 400 requests, one in 8: 50, give or take four standard deviations
	fault clear 1 seed 5 one-in 8 cqe-dup "$FOREVER"
	one_request 400
	first=$(fault_hits cqe-dup)
	expect_at_least "one in 8 of 400" "$first" 24
	expect_at_most "one in 8 of 400" "$first" 76

	! ask "qmp {\"execute\": \"qom-set\", \"arguments\": {$(knob_path ns-blocks), \"value\": 999999}}" ||
		fail "a namespace larger than its back end is not refused"
	! ask "qmp {\"execute\": \"qom-set\", \"arguments\": {$(knob_path ns-detach), \"value\": 9}}" ||
		fail "a namespace that does not exist is not refused"
	expect_hits ns-blocks 0
	fault clear 1
	expect_hits cqe-dup 0
	expect_eq "one-in after a clear" "$(fault_value one-in)" 1
	expect_healthy
}
