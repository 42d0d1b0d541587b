# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154

# make_partition DISK: one of 8 MiB, behind the first
make_partition() {
	{
		dd if=/dev/zero bs=446 count=1
		printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\100\0\0'
		dd if=/dev/zero bs=48 count=1
		printf '\125\252'
	} >/run/mbr 2>/dev/null
	dd if=/run/mbr of="$1" bs=512 count=1 conv=fsync 2>/dev/null
}

# partitions_appear DISK...: the device is bound again, which reads the tables
partitions_appear() {
	unbind_device
	bind_device
	find_disks
	for disk; do
		until_true 5 test -b "${disk}p1" || fail "no partition on $disk"
	done
}
