# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace's identifiers, and what it is named by: as upstream, where they can be relied on"
DEVICE=named
TIMEOUT=60

UUID=5ae9b4c2-6b3f-4a1e-9d27-0123456789ab

value_of() {
	cat "/sys/block/$1/$2"
}

has_no() {
	[ ! -e "/sys/block/$1/$2" ] || fail "$1 has $2: $(value_of "$1" "$2")"
}

# QEMU's devices are said to have bogus identifiers; with an id of our own, that comes before the
# driver's, there is no quirk.
# without_quirks DRIVER
without_quirks() {
	load_without_device
	echo "1b36 0010 ffffffff ffffffff 0 0 0" >"/sys/bus/pci/drivers/$1/new_id" || fail "no new id"
	[ -e "/sys/bus/pci/drivers/$1/$BDF" ] || bind_device
	find_disks
}

run_test() {
	without_quirks "$DRIVER"
	first=${CONTROLLER}n1
	second=${CONTROLLER}n2
	third=${CONTROLLER}n3
	until_true 5 test -e "/sys/block/$third" || fail "the disks are $(disks)"

	# Both: the UUID is the name
	expect_eq "wwid" "$(value_of "$first" wwid)" "uuid.$UUID"
	expect_eq "uuid" "$(value_of "$first" uuid)" "$UUID"
	expect_eq "eui" "$(value_of "$first" eui)" "00 11 22 33 44 55 66 77"
	has_no "$first" nguid

	expect_eq "wwid" "$(value_of "$second" wwid)" eui.8899aabbccddeeff
	expect_eq "eui" "$(value_of "$second" eui)" "88 99 aa bb cc dd ee ff"
	has_no "$second" uuid
	has_no "$second" nguid

	# Neither
	expect_eq "wwid" "$(value_of "$third" wwid)" \
		"nvme.1b36-6e616d6564-51454d55204e564d65204374726c-00000003"
	expect_eq "nsid" "$(value_of "$third" nsid)" 3
	has_no "$third" uuid
	has_no "$third" eui
}
