# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a mirror's member is pulled, plugged in and added under load: no error, and both have all data"
DEVICE=hot
DRIVERS=nvmepp
NEEDS=CONFIG_MD_RAID1
TIMEOUT=120

# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

MD=/sys/block/md0/md
KIBIBYTES=16384

is_failed() {
	grep -q faulty "$MD/dev-$1/state" && [ "$(cat $MD/degraded)" = 1 ]
}

is_whole() {
	[ "$(cat $MD/sync_action)" = idle ] && [ "$(cat $MD/degraded)" = 0 ]
}

# forget_member NAME: what `mdadm --remove failed' does
forget_member() {
	until_true 5 eval "echo remove >$MD/dev-$1/state" || fail "md does not let $1 go"
}

# pull_member: md has to see it fail, and holds what is left of it
pull_member() {
	old=$CONTROLLER
	counters_base=
	pull
	until_true 20 is_failed "${old}n1" || fail "md does not miss ${old}n1"
}

plug_in_and_add() {
	plug_in
	find_disks
	raid /dev/md0 add "/dev/${CONTROLLER}n1" || fail "${CONTROLLER}n1 cannot be added"
	until_true 40 is_whole || fail "the mirror is not whole again"
}

# first_of DISK: what the array has of it, from the device
first_of() {
	dd if="$1" bs=64k count=$((KIBIBYTES / 64)) iflag=direct 2>/dev/null | md5sum
}

run_test() {
	load_modules md
	other=$(pci_address plain)
	echo >"/sys/bus/pci/devices/$other/driver_override"
	start_driver
	first=$CONTROLLER
	BDF=$other
	find_disks
	stays=$DISK
	BDF=$(pci_address hot)
	find_disks
	expect_eq "the member that will be pulled" "$CONTROLLER" "$first"

	echo md0 >/sys/module/md_mod/parameters/new_array
	raid /dev/md0 mirror $KIBIBYTES "$stays" "$DISK" || fail "there is no mirror"
	echo 100000 >$MD/sync_speed_min
	until_true 40 is_whole || fail "the mirror does not become whole"

	DISK=/dev/md0
	under_load --jobs=2 --depth=4 --ms=60000 --length=4M --max=64k
	load=$io_pid

	echo "--- plugged in while md still has what was pulled"
	pull_member
	plug_in_and_add
	[ "$CONTROLLER" != "$first" ] || fail "$first is what md holds, and the new controller"
	forget_member "${first}n1"
	second=$CONTROLLER

	echo "--- pulled again: the first name is free, the second is not"
	DISK=/dev/md0
	pull_member
	plug_in_and_add
	expect_eq "the controller" "$CONTROLLER" "$first"
	forget_member "${second}n1"

	io_pid=$load
	io_enough
	io_end
	expect_good_io
	test_log | grep -E "cannot create duplicate|already registered" && fail "a name is used twice"
	member=/dev/${CONTROLLER}n1
	raid /dev/md0 stop || fail "the mirror does not stop"
	expect_eq "the data of $member" "$(first_of "$member")" "$(first_of "$stays")"
	DISK=$member
	expect_healthy
}
