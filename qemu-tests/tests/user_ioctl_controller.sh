# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the controller's node: admin commands, reset, rescan, and what is refused"
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

commands_work() {
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL out=/run/ctrl"
	expect_eq "the serial number" "$(dd if=/run/ctrl bs=1 skip=4 count=5 2>/dev/null)" plain
	status 0 "$CONTROLLER" admin64 "$IDENTIFY_CTRL out=/run/ctrl64"
	expect_same "both ioctls say the same" /run/ctrl /run/ctrl64
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL odd=1234 out=/run/odd"
	expect_same "a buffer that begins anywhere" /run/ctrl /run/odd
	status 0 "${DISK#/dev/}" admin "$IDENTIFY_CTRL out=/run/disk"
	expect_same "by the disk's node" /run/ctrl /run/disk
	status 0 "$GENERIC" admin64 "$IDENTIFY_CTRL out=/run/generic"
	expect_same "by the generic node" /run/ctrl /run/generic

	# Number of queues, volatile write cache off and on again
	status 0 "$CONTROLLER" admin opcode=10 cdw10=7
	expect_at_least "the result of Get Features" "$ioctl_result" 1
	status 0 "$CONTROLLER" admin opcode=9 cdw10=6 cdw11=0
	status 0 "$CONTROLLER" admin opcode=10 cdw10=6
	expect_eq "the write cache" "$ioctl_result" 0
	status 0 "$CONTROLLER" admin64 opcode=9 cdw10=6 cdw11=1
	status 0 "$CONTROLLER" admin64 opcode=10 cdw10=6
	expect_eq "the write cache" "$ioctl_result" 1

}

controller_refuses() {
	# Invalid Field, Do Not Retry
	status $((0x4002)) "$CONTROLLER" admin "$IDENTIFY cdw10=0xff"
	status $((0x4001)) "$CONTROLLER" admin opcode=0x7e
}

we_refuse() {
	refused ENOTTY "$CONTROLLER" unknown
	refused ENOTTY "${DISK#/dev/}" unknown
	refused ENOTTY "$GENERIC" unknown
	refused ENOTTY "$CONTROLLER" id
	refused ENOTTY "$CONTROLLER" subsystem
	refused ENOTTY "${DISK#/dev/}" reset
	refused ENOTTY "${DISK#/dev/}" rescan
	refused EFAULT "$CONTROLLER" admin "$IDENTIFY_CTRL bad=1"
	refused EINVAL "$CONTROLLER" admin "$IDENTIFY_CTRL flags=1"
	refused EINVAL "$CONTROLLER" admin opcode=2 cdw10=2 length=32M
	refused EACCES "$CONTROLLER" reset uid=1000
	refused EACCES "$CONTROLLER" admin opcode=2 length=512 cdw10=0x7f0002 uid=1000
	refused EACCES "$CONTROLLER" admin opcode=9 cdw10=6 cdw11=0 uid=1000
}

# Where nvmepp is stricter than this kernel's own driver, by upstream's later rules or its own.
only_nvmepp() {
	[ "$DRIVER" = nvmepp ] || return 0
	refused EACCES "$CONTROLLER" subsystem uid=1000
	refused EACCES "$CONTROLLER" rescan uid=1000
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL uid=1000 out=/run/user"
	expect_same "what anybody may ask" /run/ctrl /run/user
	refused EACCES "$CONTROLLER" admin "$IDENTIFY cdw10=2 uid=1000"

	# Less room than the command needs; memory that the device would keep; one without an end
	refused EINVAL "$CONTROLLER" admin opcode=6 cdw10=1 length=4092
	refused EINVAL "$CONTROLLER" admin opcode=2 cdw10=0xffff0002 length=512
	refused EPERM "$CONTROLLER" admin opcode=5 cdw10=0x30009 cdw11=1 length=4096
	refused EPERM "$CONTROLLER" admin opcode=0 cdw10=1
	refused EPERM "$CONTROLLER" admin opcode=12
	refused EPERM "$CONTROLLER" admin opcode=0x7c length=8192
	expect_log 'admin command 0x05 refused: only the driver may send it'
}

run_test() {
	start_driver
	GENERIC=ng${DISK#/dev/nvme}
	commands_work
	send "${DISK#/dev/}" id
	expect_eq "the namespace's id" "$ioctl_ret" 1
	send "$GENERIC" id
	expect_eq "the namespace's id by the generic node" "$ioctl_ret" 1
	controller_refuses
	we_refuse
	only_nvmepp
	expect_resets 0
	expect_healthy

	status 0 "$CONTROLLER" rescan
	status 0 "$CONTROLLER" reset
	until_true 5 controller_live || fail "not live after the reset"
	expect_resets 1
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL out=/run/after"
	expect_same "after the reset" /run/ctrl /run/after
	expect_healthy
}
