# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="NVMe commands by io_uring: right data, the ioctls' refusals, 64-bit results"
NEEDS="CONFIG_IO_URING"
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

READ="opcode=2 nsid=1 cdw10=0 cdw12=127 length=64k"
WRITE="opcode=1 nsid=1 cdw10=0 cdw12=127 length=64k write=1"

# comes_through VERB KEYS...: written by VERB and read by it
comes_through() {
	dd if=/dev/zero of="$DISK" bs=64k count=1 oflag=direct 2>/dev/null
	status 0 "$GENERIC" "$1" "$WRITE $2 in=/run/pattern"
	dd if="$DISK" of=/run/disk bs=64k count=1 iflag=direct 2>/dev/null
	expect_same "what $1 $2 wrote" /run/pattern /run/disk
	status 0 "$GENERIC" "$1" "$READ $2 out=/run/read"
	expect_same "what $1 $2 reads" /run/pattern /run/read
}

data_comes_through() {
	dd if=/dev/urandom of=/run/pattern bs=64k count=1 2>/dev/null
	comes_through uring-io ""
	comes_through uring-io odd=4
	comes_through uring-io fixed=1
	comes_through uring-io-vec pieces=1
	comes_through uring-io-vec pieces=100
	comes_through io64-vec pieces=100
	status 0 "$GENERIC" uring-io opcode=0 nsid=1

	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL out=/run/ctrl"
	status 0 "$CONTROLLER" uring-admin "$IDENTIFY_CTRL out=/run/ring"
	expect_same "Identify by a ring" /run/ctrl /run/ring
	status 0 "$CONTROLLER" uring-admin-vec "$IDENTIFY_CTRL pieces=9 out=/run/ring"
	expect_same "Identify in pieces" /run/ctrl /run/ring
	status 0 "$CONTROLLER" uring-admin "$IDENTIFY_CTRL fixed=1 out=/run/ring"
	expect_same "Identify to a registered buffer" /run/ctrl /run/ring
	status 0 "$CONTROLLER" uring-admin opcode=10 cdw10=7
	expect_at_least "the result of Get Features" "$ioctl_result" 1
}

# The controller's own answers, and what is never sent to it.
refusals() {
	# Invalid Field, LBA Out of Range, Invalid Opcode; all with Do Not Retry
	status $((0x4002)) "$CONTROLLER" uring-admin "$IDENTIFY cdw10=0xff"
	status $((0x4080)) "$GENERIC" uring-io "opcode=2 nsid=1 cdw10=0xfffffff0 cdw12=0 length=512"
	status $((0x4001)) "$GENERIC" uring-io opcode=0x7e nsid=1

	refused EOPNOTSUPP "$GENERIC" uring-io "$READ small=1"
	refused EOPNOTSUPP "$CONTROLLER" uring-admin "$IDENTIFY_CTRL small=1"
	refused ENOTTY "$GENERIC" uring-admin "$IDENTIFY_CTRL"
	refused ENOTTY "$CONTROLLER" uring-io "$READ"
	refused EFAULT "$GENERIC" uring-io "$READ bad=1"
	refused EFAULT "$CONTROLLER" uring-admin "$IDENTIFY_CTRL bad=1"
	refused EINVAL "$GENERIC" uring-io "opcode=2 nsid=2 cdw12=0 length=512"
	refused EINVAL "$GENERIC" uring-io "$READ flags=1"
	refused EINVAL "$GENERIC" uring-io "$READ metadata=8"
	refused EINVAL "$GENERIC" uring-io-vec "$READ pieces=1025"
	refused EINVAL "$GENERIC" uring-io "opcode=2 nsid=1 cdw12=0xffff length=32M"
	refused EACCES "$CONTROLLER" uring-admin opcode=9 cdw10=6 cdw11=0 uid=1000
}

# Where nvmepp is stricter than this kernel's own driver, by upstream's later rules or its own.
only_nvmepp() {
	[ "$DRIVER" = nvmepp ] || return 0
	status 0 "$GENERIC" uring-io "$READ uid=1000"
	status 0 "$GENERIC" uring-io "$WRITE uid=1000"
	refused EACCES "$GENERIC" uring-io "opcode=1 nsid=1 cdw12=0 length=512 uid=1000"
	refused EACCES "$GENERIC" uring-io opcode=0x81 nsid=1 uid=1000 write=1
	# Data that was copied on its way is lost without a word there
	refused EFAULT "$GENERIC" uring-io-vec "$READ pieces=3 bad=1"
	refused EINVAL "$GENERIC" uring-io "opcode=2 nsid=1 cdw12=8 length=4096"
	refused EINVAL "$GENERIC" uring-io-vec "opcode=2 nsid=1 cdw12=8 length=4096 pieces=4"
	refused EPERM "$CONTROLLER" uring-admin opcode=12
	refused EPERM "$CONTROLLER" uring-admin opcode=5 cdw10=0x30009 cdw11=1 length=4096
	expect_log 'admin command 0x0c refused: only the driver may send it'
}

run_test() {
	start_driver
	GENERIC=ng${DISK#/dev/nvme}
	data_comes_through
	refusals
	only_nvmepp
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
