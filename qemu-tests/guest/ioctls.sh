# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# NVMe ioctls, as the tool `ioctl' sends them.

# Opcodes and features by their numbers: NVMe base 2.0, figure 138; NVM command set, figure 14.
IDENTIFY="opcode=6 length=4096"
IDENTIFY_CTRL="$IDENTIFY cdw10=1"

# send NODE VERB [KEY=VALUE]...: the answer to ioctl_ret, ioctl_error, ioctl_result, ioctl_ms
send() {
	# shellcheck disable=SC2048,SC2086 # what is one word in a test may be several here
	ioctl /dev/$* >/run/ioctl.out || fail "ioctl $*"
	tr ' ' '\n' </run/ioctl.out | sed 's/^/ioctl_/' >/run/ioctl.vars
	# shellcheck source=/dev/null
	. /run/ioctl.vars
}

# refused ERROR NODE VERB ...: and it is
refused() {
	error=$1
	shift
	send "$@"
	expect_eq "ioctl $*" "$ioctl_ret $ioctl_error" "-1 $error"
}

# status NUMBER NODE VERB ...: what the ioctl returns; 0 is success
status() {
	number=$1
	shift
	send "$@"
	expect_eq "ioctl $*" "$ioctl_ret" "$number"
}

expect_same() {
	cmp "$2" "$3" || fail "$1"
}

# lost "NODE VERB" QUEUE KEYS: the interrupt is lost, the command with its timeout of 700 ms is not
lost() {
	vector=$(vector_of_queue "$2")
	msix "$BDF" break "$vector"
	status 0 "$1" "$3"
	msix "$BDF" restore "$vector"
	expect_at_least "the command's time, ms" "$ioctl_ms" 690
	expect_at_most "the command's time, ms" "$ioctl_ms" 2900
	expect_resets 0
}

# swallow NODE COMMAND: its doorbell is lost
swallow() {
	memory_decode off
	# shellcheck disable=SC2086 # several words
	ioctl "/dev/$1" $2 >/run/swallowed.out &
	swallowed=$!
	usleep 300000
	memory_decode on
	[ ! -s /run/swallowed.out ] || fail "it was not swallowed: $(cat /run/swallowed.out)"
}

# ends_with ERROR: what was swallowed
ends_with() {
	wait "$swallowed"
	grep -q "^ret=-1 error=$1 " /run/swallowed.out ||
		fail "a command that was swallowed: $(cat /run/swallowed.out)"
}
