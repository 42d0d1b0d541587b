# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="formatted, detached and attached by ioctl: the disks are what the controller says"
PROFILE=pair
DEVICE=managed
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

block_bytes() {
	cat "/sys/block/$NAME/queue/logical_block_size"
}

sectors() {
	cat "/sys/block/$NAME/size"
}

# format INDEX: 0 is 512 bytes a block, 4 is 4096, both without metadata
format() {
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10="$1"
}

# attach 0 / detach 1: namespace 2, from controller 0 (a list of one)
attachment() {
	printf '\001\000\000\000' >/run/list
	dd if=/dev/zero bs=1 count=4092 >>/run/list 2>/dev/null
	status 0 "$CONTROLLER" admin opcode=0x15 nsid=2 cdw10="$1" length=4096 in=/run/list
}

has_two() {
	[ "$(disks | wc -l)" = 2 ]
}

has_one() {
	[ "$(disks)" = "$NAME" ]
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	until_true 5 has_two || fail "the disks are $(disks)"
	size=$(sectors)
	expect_eq "bytes a block" "$(block_bytes)" 512
	io_run --jobs=2 --depth=4 --count=20 --length=4M --max=64k --state=/run/io.state

	# While it is open and in use
	io_start --jobs=2 --depth=4 --ms=4000 --length=4M --max=64k --no-check --device="/dev/${NAME%1}2"
	exec 5<"$DISK"
	format 4
	until_true 5 test "$(block_bytes)" = 4096 || fail "still $(block_bytes) bytes a block"
	expect_eq "sectors" "$(sectors)" "$size"
	exec 5<&-
	io_end
	expect_eq "failed requests on the other namespace" "$io_errors" 0
	io_run --jobs=2 --depth=4 --count=20 --length=4M --min=4k --max=64k
	format 0
	until_true 5 test "$(block_bytes)" = 512 || fail "still $(block_bytes) bytes a block"
	expect_healthy

	attachment 1
	until_true 5 has_one || fail "detached, and the disks are $(disks)"
	expect_healthy
	attachment 0
	until_true 5 has_two || fail "attached, and the disks are $(disks)"
	io_run --device="/dev/${NAME%1}2" --jobs=2 --depth=4 --count=20 --length=4M --max=64k
	expect_resets 0
}
