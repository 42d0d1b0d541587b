# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a disk or a generic node that is still open keeps its name; its namespace's next disk has another"
PROFILE=faults
DEVICE=dual
DRIVERS=nvmepp
TIMEOUT=60

two_disks() {
	[ "$(disks | wc -w)" = 2 ]
}

one_disk() {
	[ "$(disks | wc -w)" = 1 ]
}

# comes_again NAMES: namespace 2 disappears and comes back; these are the disks then
comes_again() {
	fault ns-detach 2
	until_true 15 one_disk || fail "namespace 2 does not disappear"
	fault ns-attach 2
	until_true 15 two_disks || fail "namespace 2 does not come back"
	expect_eq "disks" "$(disks | tr '\n' ' ')" "$1"
	for name in $1; do
		dd if="/dev/$name" of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null ||
			fail "$name cannot be read"
		until_true 5 test -e "/dev/ng${name#nvme}" || fail "no node of $name"
	done
}

run_test() {
	start_driver
	one=${CONTROLLER}n1 two=${CONTROLLER}n2 three=${CONTROLLER}n3
	expect_eq "disks" "$(disks | tr '\n' ' ')" "$one $two "

	echo "--- the disk is open"
	exec 7<"/dev/$two"
	comes_again "$one $three "
	expect_eq "its namespace" "$(cat "/sys/block/$three/nsid")" 2
	exec 7<&-
	comes_again "$one $two "

	echo "--- its node is open"
	exec 7<"/dev/ng${two#nvme}"
	comes_again "$one $three "
	exec 7<&-
	comes_again "$one $two "

	test_log | grep "cannot create duplicate" && fail "a name is used twice"
	expect_hits ns-detach 4
	expect_resets 0
}
