# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# A machine with less memory than its programs use (PROFILE=faults_memory): an ext4 file system on
# the first disk of the controller, swap on the second.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

SWAP_MIB=120

# start_swapping: with the watchdog on, as the driver is by default
start_swapping() {
	load_modules ext4
	if [ "$DRIVER" = nvmepp ]; then
		start_driver lost_irq_ms=16 lost_irq_action=poll
	else
		start_driver
	fi
	SWAP_DISK=${DISK%1}2
	[ -b "$SWAP_DISK" ] || fail "there is no second disk $SWAP_DISK"
	mkswap "$SWAP_DISK" >/dev/null || fail "mkswap"
	swapon "$SWAP_DISK" || fail "swapon"
	# A small machine keeps its file pages rather than anonymous ones otherwise.
	echo 100 >/proc/sys/vm/swappiness
	allow_long_waits
}

swapped() {
	awk '$1 == "pswpin" || $1 == "pswpout" { n += $2 } END { print n + 0 }' /proc/vmstat
}

swapped_more_than() {
	[ "$(swapped)" -gt "$1" ]
}

# until_swapping PAGES: so many more have gone to the disk or come from it
until_swapping() {
	swapped_before=$(swapped)
	until_true "$((${2:-60} * SLOWNESS))" swapped_more_than $((swapped_before + $1)) ||
		fail "the machine does not swap: $(swapped) pages after $swapped_before"
}

# thrash_start MS: two programs that together do not fit into memory
thrash_start() {
	for number in 1 2; do
		thrash $SWAP_MIB "$1" >/run/thrash.$number 2>&1 &
		eval "thrash_$number=\$!"
	done
}

# Every page of both is what it was. Sets thrash_longest_ms: what one page has waited for.
thrash_end() {
	thrash_longest_ms=0
	for number in 1 2; do
		eval "wait \$thrash_$number" || fail "a page is wrong, or a program was ended: $(cat /run/thrash.$number)"
		cat /run/thrash.$number
		grep -q ' mismatches=0 ' /run/thrash.$number || fail "wrong pages"
		longest=$(sed 's/.* longest_ms=//' /run/thrash.$number)
		[ "$longest" -le "$thrash_longest_ms" ] || thrash_longest_ms=$longest
	done
	expect_eq "programs ended for want of memory" "$(test_log | grep -cE 'Out of memory|oom-kill')" 0
}

stop_swapping() {
	swapoff "$SWAP_DISK" || fail "swapoff"
	forbid_long_waits
}

# The file system becomes the root of what runs in it: its programs come from the disk as well.
ROOT=/mnt

make_root() {
	/tools/mke2fs -q -F -t ext4 "$DISK" || fail "mke2fs"
	mount -t ext4 "$DISK" $ROOT || fail "mount"
	mkdir $ROOT/bin $ROOT/dev $ROOT/proc $ROOT/data
	cp /bin/busybox $ROOT/bin || fail "cannot fill the root"
	chroot $ROOT /bin/busybox --install -s /bin
	mount -t devtmpfs devtmpfs $ROOT/dev
	mount -t proc proc $ROOT/proc
	sync
}

# files_start: writes files and compares them, one set after the other, until /data/enough is there
files_start() {
	cat >$ROOT/files <<'END'
set=0
until [ -e /data/enough ]; do
	mkdir /data/$set || exit 1
	for file in 1 2 3 4; do
		dd if=/dev/urandom of=/data/$set/$file bs=64k count=$file 2>/dev/null || exit 1
	done
	sha256sum /data/$set/* >/data/$set.sums || exit 1
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sha256sum -c /data/$set.sums >/dev/null || exit 1
	[ $set = 0 ] || sha256sum -c /data/0.sums >/dev/null || exit 1
	[ $set = 0 ] || rm -r /data/$set /data/$set.sums
	set=$((set + 1))
	echo $set >/data/sets
done
END
	chroot $ROOT /bin/sh /files >/run/files.out 2>&1 &
	files=$!
}

sets() {
	cat $ROOT/data/sets 2>/dev/null || echo 0
}

has_sets() {
	[ "$(sets)" -ge "$1" ]
}

# files_end: every file was right; the file system is clean
files_end() {
	: >$ROOT/data/enough
	wait "$files" || fail "files differ or could not be written: $(cat /run/files.out)"
	echo "$(sets) sets of files"
	umount $ROOT/proc $ROOT/dev $ROOT || fail "cannot unmount"
	/tools/e2fsck -fn "$DISK" || fail "e2fsck finds errors"
}
