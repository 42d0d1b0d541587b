# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="I/O commands by the disk's node and the generic one: right data, or refused"
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

READ="opcode=2 nsid=1"
WRITE="opcode=1 nsid=1"

# The same 64 KiB through every door; blocks are of 512 bytes.
data_comes_through() {
	dd if=/dev/urandom of=/run/pattern bs=64k count=1 2>/dev/null
	for door in "$NAME io" "$NAME io64" "$GENERIC io" "$GENERIC io64" "$CONTROLLER io"; do
		dd if=/dev/zero of="$DISK" bs=64k count=1 oflag=direct 2>/dev/null
		status 0 "$door" "$WRITE write=1 cdw10=0 cdw12=127 length=64k in=/run/pattern"
		dd if="$DISK" of=/run/disk bs=64k count=1 iflag=direct 2>/dev/null
		expect_same "what $door wrote" /run/pattern /run/disk
		status 0 "$door" "$READ cdw10=0 cdw12=127 length=64k out=/run/read"
		expect_same "what $door reads" /run/pattern /run/read
		status 0 "$door" "$READ cdw10=0 cdw12=127 length=64k odd=2 out=/run/read"
		expect_same "what $door reads to an odd place" /run/pattern /run/read
		status 0 "$door" "$READ cdw10=0 cdw12=7 length=4k odd=2048 out=/run/read"
		dd if=/run/pattern of=/run/part bs=4k count=1 2>/dev/null
		expect_same "what $door reads across two pages" /run/part /run/read
	done
	status 0 "$NAME" submit opcode=2 slba=0 blocks0=127 length=64k out=/run/read
	expect_same "what submit reads" /run/pattern /run/read
	status 0 "$NAME" submit opcode=5 slba=0 blocks0=127 in=/run/pattern write=1
	# Compare Failure
	status $((0x285)) "$NAME" submit opcode=5 slba=1 blocks0=0 in=/run/pattern write=1
	status 0 "$NAME" submit opcode=1 slba=128 blocks0=127 in=/run/pattern write=1
	dd if="$DISK" of=/run/disk bs=64k skip=1 count=1 iflag=direct 2>/dev/null
	expect_same "what submit wrote" /run/pattern /run/disk

	# As much as the controller takes, and without data
	status 0 "$NAME" io "$READ cdw10=0 cdw12=1023 length=512k out=/run/large"
	dd if="$DISK" of=/run/disk bs=512k count=1 iflag=direct 2>/dev/null
	expect_same "the largest transfer" /run/large /run/disk
	status 0 "$NAME" io opcode=0 nsid=1
	status 0 "$NAME" io opcode=8 nsid=1 cdw10=0 cdw12=127 write=1
	status 0 "$NAME" io "$READ cdw10=0 cdw12=127 length=64k out=/run/read"
	dd if=/dev/zero of=/run/zeroes bs=64k count=1 2>/dev/null
	expect_same "Write Zeroes" /run/zeroes /run/read
}

programs_of_32_bits() {
	[ "$(uname -m)" = x86_64 ] || return 0
	status 0 "$NAME" submit compat=1 opcode=1 slba=256 blocks0=127 in=/run/pattern write=1
	dd if="$DISK" of=/run/disk bs=64k skip=2 count=1 iflag=direct 2>/dev/null
	expect_same "what a 32-bit submit wrote" /run/pattern /run/disk
	status 0 "$NAME" submit compat=1 opcode=2 slba=256 blocks0=127 length=64k out=/run/read
	expect_same "what a 32-bit submit reads" /run/pattern /run/read
	for verb in io io64 "io64-vec pieces=5"; do
		status 0 "$NAME" "$verb compat=1 $READ cdw10=256 cdw12=127 length=64k out=/run/read"
		expect_same "what a 32-bit $verb reads" /run/pattern /run/read
	done
	status 0 "$CONTROLLER" admin "compat=1 $IDENTIFY_CTRL out=/run/ctrl32"
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL out=/run/ctrl"
	expect_same "what a 32-bit Identify says" /run/ctrl /run/ctrl32
}

# Since 6.4 the kernel maps no page for a device that a child could have too.
memory_shared_by_fork() {
	status 0 "$NAME" io "$WRITE write=1 shared=1 cdw10=0 cdw12=127 length=64k in=/run/pattern"
	dd if="$DISK" of=/run/disk bs=64k count=1 iflag=direct 2>/dev/null
	expect_same "what memory shared with a child has written" /run/pattern /run/disk
}

# What is beyond what a command moves is left as it was, however much room it is said to have.
more_room_than_needed() {
	tr '\0' '\252' </dev/zero | dd of=/run/marks bs=64k count=1 iflag=fullblock 2>/dev/null
	status 0 "$NAME" io "$READ cdw10=256 cdw12=0 length=64k in=/run/marks out=/run/read"
	dd if=/run/pattern of=/run/wanted bs=512 count=1 2>/dev/null
	dd if=/run/marks bs=512 skip=1 2>/dev/null >>/run/wanted
	expect_same "a block in a buffer of 64 KiB" /run/wanted /run/read
	status 0 "$NAME" io "$READ cdw10=256 cdw12=0 length=64k odd=1 in=/run/marks out=/run/read"
	expect_same "the same, copied" /run/wanted /run/read
	status 0 "$CONTROLLER" admin "opcode=6 cdw10=1 length=64k in=/run/marks out=/run/read"
	dd if=/run/read of=/run/tail bs=4k skip=1 2>/dev/null
	dd if=/run/marks of=/run/wanted bs=4k skip=1 2>/dev/null
	expect_same "behind an Identify" /run/wanted /run/tail
}

bad_requests_are_refused() {
	refused EINVAL "$NAME" io "opcode=2 nsid=2 cdw12=0 length=512"
	refused EINVAL "$GENERIC" io64 "opcode=2 nsid=0xffffffff cdw12=0 length=512"
	refused EINVAL "$NAME" io "$READ flags=0x40 length=512"
	refused EINVAL "$NAME" io "$READ cdw12=0xffff length=32M"
	refused EFAULT "$NAME" io "$READ cdw12=0 length=512 bad=1"
	refused EINVAL "$NAME" submit opcode=8
	refused EINVAL "$NAME" submit opcode=2 flags=1
	# LBA Out of Range, Do Not Retry
	status $((0x4080)) "$NAME" io "$READ cdw10=0xfffffff0 cdw12=0 length=512"
	status $((0x4001)) "$NAME" io opcode=0x7e nsid=1
}

# Upstream's rules of Linux 6.2 and later.
rights_are_kept() {
	[ "$DRIVER" = nvmepp ] || return 0
	status 0 "$GENERIC" io "$READ cdw12=0 length=512 uid=1000"
	status 0 "$GENERIC" io "$WRITE cdw12=0 length=512 uid=1000 write=1"
	refused EACCES "$GENERIC" io "$WRITE cdw12=0 length=512 uid=1000"
	refused EACCES "$GENERIC" io opcode=8 nsid=1 cdw12=0 uid=1000
	refused EACCES "$GENERIC" io opcode=0x81 nsid=1 uid=1000 write=1
	refused EACCES "$GENERIC" io opcode=0x7e nsid=1 uid=1000 write=1
	# The device would write beyond the buffer
	refused EINVAL "$NAME" io "$READ cdw12=8 length=4096"
	refused EINVAL "$NAME" io "$READ cdw12=0 length=0"
	refused EINVAL "$NAME" io opcode=9 nsid=1 cdw10=255 cdw11=4 length=16 write=1
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	GENERIC=ng${NAME#nvme}
	data_comes_through
	programs_of_32_bits
	memory_shared_by_fork
	more_room_than_needed
	bad_requests_are_refused
	rights_are_kept
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
