# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="an old QEMU's quirks hold also after a reset and a change of the block size"
DEVICE=intel
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

block_bytes() {
	cat "/sys/block/$NAME/queue/logical_block_size"
}

# format INDEX BYTES: the disk's limits are made anew
format() {
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10="$1"
	until_true 5 test "$(block_bytes)" = "$2" || fail "still $(block_bytes) bytes a block"
}

no_write_zeroes() {
	expect_eq "bytes of a Write Zeroes $1" "$(cat "/sys/block/$NAME/queue/write_zeroes_max_bytes")" 0
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	expect_eq "the device" "$(cat "/sys/bus/pci/devices/$BDF/device")" 0x5845
	no_write_zeroes "at first"
	format 4 4096
	no_write_zeroes "after a format"
	reset_controller || fail "the reset failed"
	expect_resets 1
	format 0 512
	no_write_zeroes "after a reset and a format"
	[ ! -e "/sys/block/$NAME/uuid" ] || fail "there is a uuid"
	expect_healthy
}
