# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a Format ends although the disk it makes dead has its file system's journal on a sibling"
PROFILE=faults
DEVICE=dual
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

format_has_ended() {
	! kill -0 "$formatter" 2>/dev/null
}

reads() {
	dd if="/dev/$1" of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null
}

# While all disks are frozen the controller does not say what namespace 1 is now, so its disk
# becomes dead. Since 6.5 the kernel notifies the file system, whose journal writes to namespace 2.
run_test() {
	load_modules ext4
	start_driver
	# A command by the controller's node is for its namespace, if it has one only.
	refused EINVAL "$CONTROLLER" io opcode=0 nsid=1
	data=/dev/${CONTROLLER}n1
	journal=/dev/${CONTROLLER}n2
	/tools/mke2fs -q -F -b 4096 -O journal_dev "$journal" || fail "no journal"
	/tools/mke2fs -q -F -b 4096 -t ext4 -J device="$journal" "$data" || fail "no file system"
	mount -t ext4 "$data" /mnt || fail "cannot mount"
	echo something >/mnt/file
	sync

	fault queues 1 opcode 6 cdw10 0 cmd-error 1
	ioctl "/dev/$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=0 >/run/format.out &
	formatter=$!
	until_true 30 format_has_ended || fail "the Format waits for what waits for it"
	wait "$formatter" || fail "the Format: $(cat /run/format.out)"
	expect_hits cmd-error 1
	expect_log "n1: recreated, it had failed"
	umount /mnt || fail "cannot unmount"

	until_true 15 has_disk || fail "no disk"
	for name in $(disks); do
		reads "$name" || fail "$name cannot be read"
	done
	expect_eq "disks" "$(disks | wc -w)" 2
	expect_resets 0
}
