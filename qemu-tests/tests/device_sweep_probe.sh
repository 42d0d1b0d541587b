# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each command of a probe in turn is swallowed: given up in time or served, nothing left behind"
PROFILE=faults
COVERS="C5 C7 C9"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

MOST_COMMANDS=40

# probe_with N: the commands before the N-th are answered; false if there are not so many
probe_with() {
	fault clear 1 skip "$1" cmd-drop 1
	bounded_start bind_device
	bounded_end "the probe, command $1 swallowed" || echo "the probe failed"
	until_true 20 has_disk_or_none || fail "neither a disk nor given up"
	# What the block layer asks of a new disk may come a little later.
	usleep 500000
	has_struck cmd-drop
}

run_test() {
	load_without_device
	number=0
	while probe_with $number; do
		! bound || unbind_device
		expect_eq "disks that are left" "$(disks)" ""
		number=$((number + 1))
		[ $number -lt $MOST_COMMANDS ] || fail "there is no end to the commands of a probe"
	done
	echo "a probe has $number commands"
	expect_at_least "commands of a probe" $number 8
	fault clear 1
	find_disks
	expect_healthy
}
