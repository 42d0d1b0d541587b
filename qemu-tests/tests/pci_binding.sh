# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="binds only devices without a driver; scripts/bind hands one over and back"
DRIVERS=nvmepp
TIMEOUT=60

refuses() {
	text=$1
	shift
	! bind "$@" >/run/bind.out 2>&1 || fail "bind $* succeeded"
	expect_eq "lines said by bind $*" "$(wc -l </run/bind.out)" 1
	grep -q "$text" /run/bind.out || fail "bind $* said: $(cat /run/bind.out)"
}

run_test() {
	insmod /modules/nvme-core.ko multipath=N
	insmod /modules/nvme.ko
	find_reference_disk
	refuses "not loaded" "$BDF"
	driver_insert || fail "the driver cannot be loaded"
	usleep 500000
	expect_eq "driver of a device that has one" "$(bound_driver)" nvme

	bind "$BDF" || fail "bind $BDF failed"
	expect_eq "driver after bind" "$(bound_driver)" nvmepp
	find_disks
	io_run --depth=4 --count=50 --length=8M --max=64k

	refuses "0000:zz:00.0" 0000:zz:00.0
	refuses "0000:77:00.0" 0000:77:00.0
	refuses "not an NVMe" 0000:00:00.0
	mkswap "$DISK" >/dev/null || fail "cannot make swap space"
	swapon "$DISK" || fail "cannot swap on $DISK"
	refuses "in use" --release "$BDF"
	swapoff "$DISK"

	# a program that has it open, under another name
	mknod /run/other b "$(cut -d : -f 1 "/sys/block/${DISK#/dev/}/dev")" \
		"$(cut -d : -f 2 "/sys/block/${DISK#/dev/}/dev")"
	# shellcheck disable=SC2217 # only to have it open
	sleep 1000 </run/other &
	holder=$!
	refuses "open in process $holder (sleep)" --release "$BDF"
	kill $holder
	wait $holder

	keep_counters
	bind --release "$BDF" || fail "bind --release $BDF failed"
	expect_eq "driver after --release" "$(bound_driver)" nvme
	find_reference_disk
	load_modules ext4
	/tools/mke2fs -q -F -t ext4 /dev/nvme0n1 || fail "cannot make a file system"
	mount -t ext4 /dev/nvme0n1 /mnt || fail "cannot mount"
	refuses "in use: mounted on /mnt" "$BDF"
	umount /mnt
	# where this mount namespace does not see it
	unshare -m sh -c 'mount -t ext4 /dev/nvme0n1 /mnt && touch /run/mounted && exec sleep 1000' &
	holder=$!
	until_true 15 test -e /run/mounted || fail "cannot mount in a namespace"
	expect_eq "mounted here" "$(grep -c nvme0n1 /proc/self/mountinfo)" 0
	refuses "in use: opened exclusively" "$BDF"
	kill $holder
	wait $holder
	until_true 15 bind "$BDF" >/run/bind.out || fail "bind $BDF failed: $(cat /run/bind.out)"
	expect_eq "driver after the namespace ended" "$(bound_driver)" nvmepp
	expect_eq "mark" "$(cat "/sys/bus/pci/devices/$BDF/driver_override")" "(null)"
	bind "$BDF" || fail "bind once more failed"
	bind --release "$BDF" || fail "bind --release $BDF failed"

	# marked for a virtual machine
	echo vfio-pci >"/sys/bus/pci/devices/$BDF/driver_override"
	refuses "vfio-pci" "$BDF"
	expect_eq "driver of a marked device" "$(bound_driver)" nvme
	rmmod nvme nvme_core
}

find_reference_disk() {
	until_true 15 test -b /dev/nvme0n1 || fail "the in-tree driver has no disk"
}
