# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="torn out while a scan that an event has asked for waits for an answer: removal does not wait for it"
PROFILE=faults
DEVICE=hot
DRIVERS=nvmepp
COVERS="C5 B7"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

IDENTIFY=6

run_test() {
	# A scan that is waited for takes this long, and the test is over.
	start_driver admin_timeout_ms=60000
	fault queues "$(queue_bits admin)" opcode $IDENTIFY cmd-drop 1 ns-event 1
	until_true 5 has_struck cmd-drop || fail "no scan has followed the event"
	expect_eq "events" "$(controller_value events)" 1
	keep_counters
	fault gone 1
	started=$(now_ms)
	pull
	expect_at_most "time of the removal, ms" $(($(now_ms) - started)) 15000
	expect_eq "disks of a device that is gone" "$(disks)" ""
	plug_in
	find_disks
	expect_healthy
}
