# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="controllers that refuse optional commands, short queues, wide doorbells, odd answers: served"
PROFILE=faults
WHEN=all
TIMEOUT=270

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

# refuses VS OPCODE CDW10
refuses() {
	poke bar $VS_AT 4 "$1"
	refuse "$2" "$3"
}

# is_served KNOB NAME COMMAND...
is_served() {
	knob=$1
	shift
	persona "$@"
	served
	# The in-tree driver does not send all of these commands.
	case $DRIVER/$knob in
	nvme/cmd-error) proved 1 ;;
	*) expect_hits_at_least "$knob" 1 ;;
	esac
	persona_over
}

run_test() {
	load_without_device
	is_served cmd-error descriptors-refused refuses 0x00010300 $IDENTIFY $NS_DESCRIPTORS
	is_served cmd-error coalescing-refused refuse $GET_FEATURES $COALESCING
	is_served cmd-error events-refused refuse $SET_FEATURES $EVENTS
	is_served cmd-error timestamp-refused refuse $SET_FEATURES $TIMESTAMP
	for mqes in 127 31 2 1; do
		is_served bar-poke mqes-$mqes poke bar $CAP_MQES 2 $mqes
	done
	for stride in 1 4; do
		is_served bar-poke stride-$stride poke bar $CAP_STRIDE_AND_CSS 1 $((0x20 | stride))
	done
	is_served bar-poke no-timeout poke bar $CAP_TO 1 0
	is_served bar-poke version-1.0 poke bar $VS_AT 4 0x00010000
	is_served id-poke no-namespace-number poke id $ID_NN 4 0
	is_served id-poke mdts-1 poke id $ID_MDTS 1 1
	is_served id-poke no-optional-command poke id $ID_ONCS 2 0
}
