# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="namespaces that are refused: blocks too large, with both bounds that are accepted, and no block at all, with the reason"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=80

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

no_blocks() {
	poke ns $NS_SIZE 4 0
	poke ns $((NS_SIZE + 4)) 4 0
}

expect_no_disk() {
	until_true 10 find_controller || fail "the controller has no node"
	usleep 500000
	expect_eq "disks" "$(disks)" ""
	expect_hits_at_least ns-poke 1
	persona_over
}

run_test() {
	load_without_device
	persona blocks-of-16k poke ns $NS_LBADS 1 14
	expect_no_disk
	expect_log 'namespace 1 not served: .*2\^14.*2\^9.*2\^12'
	persona no-blocks no_blocks
	expect_no_disk
	expect_log 'namespace 1 (not served|has).*(size|blocks|capacity).*0|namespace 1 .* 0 blocks'
	persona whole true
	served
	persona_over
}
