# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="kexec while commands are held: the device is off before memory has new owners, and the next kernel finds it well"
PROFILE=kexec
COVERS="C1 C5"
DEVICE=none
NEEDS="CONFIG_KEXEC_FILE"
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

# fetch_files: from the disk that has them
fetch_files() {
	use_device files
	start_driver
	cat "$DISK" >/tmp/kernel
	cat "${DISK%1}2" >/tmp/initramfs
	stop_driver
}

# What has been written is known to the next kernel by a file in a second archive behind the first.
first_kernel() {
	fetch_files
	use_device "$DEVICE"
	start_driver
	kept_data
	cp /run/kept.state* /tmp || fail "nothing is known of what was written"
	(cd / && find tmp -name 'kept.state*' | cpio -o -H newc) >>/tmp/initramfs
	kexec load /tmp/kernel /tmp/initramfs "$(cat /proc/cmdline) vm.again" ||
		fail "the next kernel is not loaded"
	load_starts 50000
	fault queues "$(queue_bits 1 2)" cqe-hold "$FOREVER"
	until_true 5 has_struck cqe-hold 10 || fail "no command is held"
	echo again >&3
	kexec leave
	fail "it does not leave"
}

off() {
	csts=$(bar "$BDF" read 0x1c)
	[ $((csts & 1)) = 0 ] || [ $((csts & 0xc)) = 8 ]
}

# Not ready, or shut down (CSTS.SHST is 10b), and not allowed to write to memory, as the last kernel
# has left it.
expect_off() {
	config "$BDF" write 4 2 $(($(config "$BDF" read 4 2) | 2))
	off || fail "the controller is still on: CSTS is $csts"
	expect_eq "bus mastering" $(($(config "$BDF" read 4 2) & 4)) 0
}

second_kernel() {
	use_device "$DEVICE"
	expect_hits_at_least cqe-hold 10
	expect_off
	# What is still held would come now, into memory that is somebody else's.
	fault clear 1
	cp /tmp/kept.state* /run || fail "the first kernel's initramfs has come alone"
	start_driver
	kept_data
	expect_healthy
	expect_resets 0
}

run_test() {
	DEVICE=plain
	case $(cat /proc/cmdline) in
	*vm.again*) second_kernel ;;
	*) first_kernel ;;
	esac
}
