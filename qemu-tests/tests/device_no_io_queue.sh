# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller without an I/O queue (Create I/O CQ or Number of Queues refused): a node for admin commands, no disk, one line"
PROFILE=faults
TIMEOUT=120

# shellcheck source=../guest/persona.sh
. /lib/persona.sh

# is_served_as_node LINES: so many say that there is no disk
is_served_as_node() {
	until_true 10 find_controller || fail "the controller has no node"
	usleep 500000
	bound || fail "the device is not bound"
	expect_eq "disks" "$(disks)" ""
	identify "/dev/$CONTROLLER" || fail "Identify fails"
	expect_eq "state" "$(ctrl_state)" live
	expect_hits_at_least cmd-error 1
	[ "$DRIVER" = nvme ] || expect_eq "its queues, and their entries" \
		"$(cat "$(ctrl_folder)/queue_count" "$(ctrl_folder)/sqsize" | xargs)" "1 0"
	[ "$DRIVER" = nvme ] || expect_eq "lines about that" "$(log_lines 'no disk')" "$1"
}

# becomes_whole: with the fault over, a reset brings the disk
becomes_whole() {
	fault clear 1
	echo 1 >"$(ctrl_folder)/reset_controller" || fail "the reset fails"
	served
}

run_test() {
	load_without_device
	persona create-cq-refused refuse $CREATE_CQ any
	is_served_as_node 1
	becomes_whole
	persona_over
	persona queue-count-refused refuse $SET_FEATURES $QUEUE_COUNT
	is_served_as_node 2
	becomes_whole
	persona_over
	persona the-node-is-left refuse $CREATE_CQ any
	is_served_as_node 3
	persona_over
	persona whole true
	served
	persona_over
}
