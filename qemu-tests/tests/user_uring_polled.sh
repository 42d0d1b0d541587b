# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="NVMe commands of a ring that polls (--hipri): right data, no interrupt; by interrupts without poll queues; lost ones, a reset, removal"
NEEDS="CONFIG_IO_URING"
TIMEOUT=120

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

READ="opcode=2 nsid=1 cdw10=0 cdw12=127 length=64k hipri=1"
WRITE="opcode=1 nsid=1 cdw10=0 cdw12=127 length=64k write=1 hipri=1"

io_interrupts() {
	awk -v "name=^${CONTROLLER}q[1-9]" '$NF ~ name {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

# comes_through VERB KEYS: written by VERB and read by it
comes_through() {
	dd if=/dev/zero of="$DISK" bs=64k count=1 oflag=direct 2>/dev/null
	before=$(io_interrupts)
	status 0 "$GENERIC" "$1" "$WRITE $2 in=/run/pattern"
	status 0 "$GENERIC" "$1" "$READ $2 out=/run/read"
	after=$(io_interrupts)
	expect_same "what $1 $2 reads" /run/pattern /run/read
	dd if="$DISK" of=/run/disk bs=64k count=1 iflag=direct 2>/dev/null
	expect_same "what $1 $2 wrote" /run/pattern /run/disk
}

all_ways() {
	for how in "uring-io" "uring-io odd=4" "uring-io fixed=1" "uring-io-vec pieces=9"; do
		# shellcheck disable=SC2086 # a verb and a key
		set -- $how
		comes_through "$1" "${2:-}"
		expect_eq "interrupts of $how" $((after - before)) "$ways_interrupts"
	done
	# The controller's own answers: LBA Out of Range, Invalid Opcode, with Do Not Retry
	status $((0x4080)) "$GENERIC" uring-io "opcode=2 nsid=1 cdw10=0xfffffff0 length=512 hipri=1"
	status $((0x4001)) "$GENERIC" uring-io "opcode=0x7e nsid=1 hipri=1"
	refused EOPNOTSUPP "$CONTROLLER" uring-admin "$IDENTIFY_CTRL hipri=1"
	# The kernel ends the ring at exec, and waits there for its commands without their task's work.
	for _ in 1 2 3; do
		# shellcheck disable=SC2086 # several words
		ioctl "/dev/$GENERIC" uring-io $READ exec=1 || fail "no exec with a command in flight"
	done
	status 0 "$CONTROLLER" uring-admin "$IDENTIFY_CTRL"
	[ "$DRIVER" = nvmepp ] || return 0
	refused EACCES "$GENERIC" uring-io "opcode=1 nsid=1 cdw12=0 length=512 uid=1000 hipri=1"
}

by_polling() {
	ways_interrupts=0
	polled=$(counted)
	all_ways
	[ "$DRIVER" != nvmepp ] || expect_at_least "commands that were polled for" \
		$(($(counted) - polled)) 10
}

# The last queue is the poll queue.
counted() {
	[ "$DRIVER" != nvmepp ] || queue_value polled $(($(nproc) + 1))
}

# Its submitter does not poll: a freeze of the queue, as by another scheduler, waits for its timeout at most,
# however long the user's own is.
not_polled_for() {
	[ "$DRIVER" = nvmepp ] || return 0
	# shellcheck disable=SC2086 # several words
	ioctl "/dev/$GENERIC" uring-io $READ timeout=4294967295 uid=1000 nap=9000 >/run/nap.out &
	napping=$!
	usleep 500000
	before=$(now_ms)
	echo mq-deadline >"/sys/block/${DISK#/dev/}/queue/scheduler" || fail "no other scheduler"
	frozen_ms=$(($(now_ms) - before))
	[ ! -s /run/nap.out ] || fail "it was polled for: $(cat /run/nap.out)"
	expect_at_least "freeze with a command in flight, ms" $frozen_ms 500
	expect_at_most "freeze with a command in flight, ms" $frozen_ms $((6000 * SLOWNESS))
	wait $napping
	grep -q '^ret=0 ' /run/nap.out || fail "the command: $(cat /run/nap.out)"
	echo none >"/sys/block/${DISK#/dev/}/queue/scheduler"
}

# A reset ends it, and removal, while somebody polls for it.
cancelled() {
	[ "$DRIVER" = nvmepp ] || return 0
	swallow "$GENERIC" "uring-io $READ timeout=1500"
	ends_with EINTR
	until_true 10 controller_live || fail "not live after the reset"
	resets=1
	expect_resets $resets
	status 0 "$GENERIC" uring-io "$READ out=/run/read"
	expect_same "what is read after a reset" /run/pattern /run/read
	swallow "$GENERIC" "uring-io $READ timeout=3000"
	unbind_device
	ends_with EINTR
	[ -z "$(disks)" ] || fail "disks are left behind: $(disks)"
	bind_device
	find_disks
	GENERIC=ng${DISK#/dev/nvme}
	status 0 "$GENERIC" uring-io "$READ out=/run/read"
	expect_same "what is read after a removal" /run/pattern /run/read
}

run_test() {
	dd if=/dev/urandom of=/run/pattern bs=64k count=1 2>/dev/null
	start_driver poll_queues=1
	GENERIC=ng${DISK#/dev/nvme}
	by_polling
	resets=0
	expect_resets $resets
	expect_nothing_lost
	not_polled_for
	expect_resets 0
	cancelled
	stop_driver
	start_driver
	GENERIC=ng${DISK#/dev/nvme}
	ways_interrupts=2
	all_ways
	expect_resets $resets
	expect_nothing_lost
	expect_healthy
}
