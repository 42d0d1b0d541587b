# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Ways to make a healthy device misbehave from inside the guest, behind the driver's back, and
# the proof that it did.

# What both drivers are loaded with, unless a test says otherwise beforehand.
# shellcheck disable=SC2034 # for the driver's part
IO_TIMEOUT_MS=2000
# shellcheck disable=SC2034
ADMIN_TIMEOUT_MS=2000

# The shortest time after which io_timeout=2 s can strike; blk-mq rounds it up, never down.
# shellcheck disable=SC2034 # for the tests
TIMEOUT_MS=1900

PCI_COMMAND=4
COMMAND_MEMORY=0x2
COMMAND_MASTER=0x4
COMMAND_DISABLE_INTX=0x400
PCI_STATUS=6
STATUS_INTX=0x8
NVME_CC=0x14
NVME_CSTS=0x1c

# queue_of_cpu CPU: the I/O queue (1, 2 ...) that serves requests from this CPU
queue_of_cpu() {
	for context in "/sys/block/${DISK#/dev/}/mq"/*; do
		if tr ',' '\n' <"$context/cpu_list" | tr -d ' ' | grep -qx "$1"; then
			echo $(($(basename "$context") + 1))
			return
		fi
	done
	fail "no queue serves CPU $1"
}

# vector_state VECTOR FIELD: address, data, masked or pending
vector_state() {
	msix "$BDF" state "$1" | tr ' ' '\n' | sed -n "s/^$2=//p"
}

expect_vector() {
	expect_eq "vector $1: $2" "$(vector_state "$1" "$2")" "$3"
}

# interrupts_seen QUEUE: how many the kernel has counted for admin, 1, 2 ...
interrupts_seen() {
	awk -v "irq=$(irq_of_queue "$1"):" '$1 == irq {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i
	} END { print n + 0 }' /proc/interrupts
}

io_vectors() {
	for context in "/sys/block/${DISK#/dev/}/mq"/*; do
		vector_of_queue $(($(basename "$context") + 1))
	done | sort -u
}

memory_decode() {
	case $1 in
	off) config "$BDF" clear $PCI_COMMAND 2 $COMMAND_MEMORY ;;
	on) config "$BDF" set $PCI_COMMAND 2 $COMMAND_MEMORY ;;
	esac
}

bus_master_off() {
	config "$BDF" clear $PCI_COMMAND 2 $COMMAND_MASTER
}

bus_master_on() {
	[ $(($(config "$BDF" read $PCI_COMMAND 2) & COMMAND_MASTER)) != 0 ]
}

intx() {
	case $1 in
	off) config "$BDF" set $PCI_COMMAND 2 $COMMAND_DISABLE_INTX ;;
	on) config "$BDF" clear $PCI_COMMAND 2 $COMMAND_DISABLE_INTX ;;
	esac
}

intx_asserted() {
	[ $(($(config "$BDF" read $PCI_STATUS 2) & STATUS_INTX)) != 0 ]
}

controller_status() {
	bar "$BDF" read $NVME_CSTS
}

controller_disable() {
	bar "$BDF" write $NVME_CC 0
}

# One request that is not answered: sent by CPU 0, and time enough for the device to serve it.
one_request_start() {
	io_start --cpu=0 --count=1 --length=1M --max=4k --reads=0 --no-check "$@"
	usleep 500000
	[ ! -s /run/io.out ] || fail "the request was answered: the fault did not fire"
}

