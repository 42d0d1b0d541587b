# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="blocks grow between a Read's judgement and its request: ESTALE, and no more is moved than was mapped"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

waits_for_the_queue() {
	grep -q blk_queue_enter "/proc/$reader/stack"
}

run_test() {
	start_driver
	name=${DISK#/dev/}
	trace pci_nvme_read
	# The device has formatted; the driver, whose queues are frozen, does not know it yet.
	fault queues "$(queue_bits admin)" opcode 128 cqe-hold-ms 0 cqe-hold 1
	ioctl "/dev/$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=4 timeout=30000 >/run/format &
	formatter=$!
	until_true 10 has_struck cqe-hold || fail "no Format is held"
	ioctl "/dev/$name" io opcode=2 nsid=1 cdw10=0 cdw12=7 length=4096 >/run/read &
	reader=$!
	until_true 10 waits_for_the_queue || fail "the Read does not wait for the frozen queue"
	fault release 1
	wait $formatter
	wait $reader
	expect_eq "the Format" "$(sed 's/ result.*//' /run/format)" "ret=0 error=0"
	expect_eq "the Read" "$(sed 's/ result.*//' /run/read)" "ret=-1 error=ESTALE"
	expect_eq "bytes a block" "$(cat "/sys/block/$name/queue/logical_block_size")" 4096
	expect_eq "reads of 8 large blocks" "$(trace_count 'nlb 8 count 32768 ')" 0
	# Judged anew it is served.
	status 0 "$name" io opcode=2 nsid=1 cdw10=0 cdw12=0 length=4096
	status 0 "$CONTROLLER" admin opcode=0x80 nsid=1 cdw10=0
	expect_resets 0
	expect_healthy
}
