# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that refuses the list of active namespaces and says NN is 2^32 - 1: a bounded scan, one line about the rest"
PROFILE=faults
DEVICE=dual
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

# scanned LINES: so many say what was left out; numbers without a namespace cost no line
scanned() {
	expect_eq "disks" "$(disks | wc -l)" 2
	expect_eq "lines about the rest" \
		"$(log_lines 'namespaces above 1024 \(NN: 4294967295\) not served')" "$1"
	expect_eq "lines about commands" "$(log_lines 'admin command 0x06 failed')" 0
	expect_eq "suppressed lines" "$(log_lines 'callbacks suppressed')" 0
}

run_test() {
	load_without_device
	before=$(now_ms)
	persona nn-of-32-bits refuses_list 0xffffffff
	served
	until_true 10 has_both || fail "disks: $(disks)"
	expect_at_most "probe, ms" $(($(now_ms) - before)) $((20000 * SLOWNESS))
	# a list for each batch of 64 numbers
	expect_hits_at_least cmd-error 16
	scanned 1
	echo 1 >"$(ctrl_folder)/rescan_controller" || fail "the scan fails"
	expect_hits_at_least cmd-error 32
	scanned 2
	persona_over
}
