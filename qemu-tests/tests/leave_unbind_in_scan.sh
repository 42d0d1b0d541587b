# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unbound in the middle of a scan that takes a minute: the scan stops, and the driver lets go at once"
PROFILE=faults
DEVICE=dual
DRIVERS=nvmepp
COVERS="C5"
TIMEOUT=120

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

NUMBERS=1024	# of namespaces, of which two are there
EACH_MS=60
UNBIND_MS=5000

# Version 1.0 has no list of active namespaces: all are asked one by one.
no_list() {
	poke bar $VS_AT 4 0x00010000
	poke id $ID_NN 4 $NUMBERS
}

# Each answer to Identify Namespace takes its time.
slow_answers() {
	fault clear 1 queues "$(queue_bits admin)" opcode $IDENTIFY cdw10 0 cqe-hold-ms $EACH_MS \
		cqe-hold "$FOREVER"
}

by_user() {
	(echo 1 >"$(ctrl_folder)/rescan_controller") 2>/dev/null 3>&- &
}

by_event() {
	fault ns-event 1
}

# unbind_in_scan COMMAND: which begins a scan
unbind_in_scan() {
	slow_answers
	$1
	until_true 20 has_struck cqe-hold 10 || fail "$1: no scan is on"
	bounded_start unbind_device
	bounded_end "unbind"
	expect_at_most "the unbind, ms" $(($(now_ms) - started_ms)) $UNBIND_MS
	scanned=$(fault_hits cqe-hold)
	echo "$scanned commands of the scan were answered"
	expect_at_most "answers to the scan" "$scanned" $((NUMBERS / 2))
	counters_base=
	expect_eq "disks of an unbound device" "$(disks)" ""
	fault clear 1
	bind_device
	find_disks
	until_true 20 has_both || fail "disks: $(disks)"
}

run_test() {
	# A removal during which no I/O completes ends after two of these, a minute at most.
	load_without_device io_timeout_ms=60000
	persona no-list no_list
	served
	until_true 20 has_both || fail "disks: $(disks)"
	unbind_in_scan by_user
	unbind_in_scan by_event
	expect_healthy
	persona_over
}
