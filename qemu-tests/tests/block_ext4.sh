# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="ext4: made, filled, checked, read back; the second time with lost interrupts"
TIMEOUT=90

fill() {
	mount -t ext4 "$DISK" /mnt || fail "cannot mount"
	mkdir "/mnt/$1"
	for number in 1 2 3 4 5 6 7 8; do
		dd if=/dev/urandom of="/mnt/$1/$number" bs=100k count=$number 2>/dev/null
	done
	cp -r /tools /lib "/mnt/$1" || fail "cannot fill the file system"
	(cd "/mnt/$1" && find . -type f -exec sha256sum {} +) >"/run/sums.$1"
	umount /mnt || fail "cannot unmount"
}

check() {
	/tools/e2fsck -fn "$DISK" || fail "e2fsck is not content"
	echo 3 >/proc/sys/vm/drop_caches
	mount -t ext4 -o ro "$DISK" /mnt || fail "cannot mount"
	(cd "/mnt/$1" && sha256sum -c) <"/run/sums.$1" >/dev/null || fail "files differ"
	umount /mnt
}

run_test() {
	load_modules ext4
	start_driver
	/tools/mke2fs -q -F -t ext4 "$DISK" || fail "cannot make a file system"
	fill first
	check first
	expect_nothing_lost

	# One CPU's vector, once: everything that is in flight there waits for a poll.
	vector=$(vector_of_queue "$(queue_of_cpu 0)")
	msix "$BDF" break "$vector"
	(usleep 1500000 && msix "$BDF" restore "$vector") &
	healer=$!
	# shellcheck disable=SC2016 # expanded by the inner shell
	taskset 1 sh -c 'mount -t ext4 "$1" /mnt && umount /mnt' sh "$DISK" ||
		fail "the file system did not survive a lost interrupt"
	wait $healer
	expect_lost 1
	fill second
	check second
	check first
	expect_resets 0
}
