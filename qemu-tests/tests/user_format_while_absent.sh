# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="blocks grow while a Read waits for its user's memory: all that it moves then is mapped"
PROFILE=pair
DEVICE=managed
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

is_waiting() {
	grep -q waiting /run/stuck.out
}

# 8 blocks of 512 bytes when it is sent first, of 4096 when its memory has come.
run_test() {
	start_driver
	stuck "$DISK" long-read >/run/stuck.out &
	stuck=$!
	until_true 15 is_waiting || fail "the memory is not wanted"
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=4
	expect_eq "bytes a block" "$(cat "/sys/block/${DISK#/dev/}/queue/logical_block_size")" 4096
	yes | dd of="$DISK" bs=4096 count=8 iflag=fullblock oflag=direct 2>/dev/null ||
		fail "the disk cannot be written"
	kill -USR1 $stuck
	wait $stuck
	expect_eq "the answer" "$(tail -n 1 /run/stuck.out)" "ret=0 error=0"
	expect_eq "bytes that came" "$(sed -n 's/^bytes=//p' /run/stuck.out)" 32768
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=0
	expect_resets 0
	expect_healthy
}
