# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a disk or a node that is still open keeps its controller's number; the next controller has another"
DEVICE=hot
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

make_and_mount() {
	/tools/mke2fs -q -F -t ext4 "$1" || fail "cannot make a file system on $1"
	mount -t ext4 "$1" "$2" || fail "cannot mount $1"
}

rebind() {
	unbind_device
	bind_device
	find_disks
}

run_test() {
	load_modules ext4
	start_driver
	first=$CONTROLLER
	mkdir /run/second

	echo "--- a file system is mounted while its device is pulled and plugged in"
	make_and_mount "$DISK" /mnt
	counters_base=
	pull
	plug_in
	find_disks
	second=$CONTROLLER
	[ "$second" != "$first" ] || fail "$first is a mounted file system's, and the new controller's"
	make_and_mount "$DISK" /run/second
	umount /run/second
	umount /mnt
	test_log | grep -E "already registered|cannot create duplicate" && fail "a name is used twice"

	echo "--- the last opener is gone: the number is free"
	rebind
	expect_eq "the controller" "$CONTROLLER" "$first"

	echo "--- a node is open"
	exec 7<"/dev/$CONTROLLER"
	rebind
	expect_eq "the controller" "$CONTROLLER" "$second"
	exec 7<&-
	rebind
	expect_eq "the controller" "$CONTROLLER" "$first"
	expect_healthy
}
