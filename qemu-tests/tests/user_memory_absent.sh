# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="absent memory of one user delays neither other users nor unbind"
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

is_waiting() {
	grep -q waiting /run/stuck.out
}

# absent NODE WHAT ANSWER: the answer comes when the memory has come, after the controller has gone
absent() {
	stuck "/dev/$1" "$2" >/run/stuck.out &
	stuck=$!
	until_true 15 is_waiting || fail "$2: the memory is not wanted"
	# others are served meanwhile, and a writer who waits does not change that
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	before=$(now_ms)
	unbind_device
	expect_at_most "$2: unbind took, ms" $(($(now_ms) - before)) 10000
	kill -USR1 $stuck
	wait $stuck
	expect_eq "$2: the answer" "$(tail -n 1 /run/stuck.out)" "$3"
	bind_device
	find_disks
}

run_test() {
	start_driver
	GENERIC=ng${DISK#/dev/nvme}
	gone="ret=-19 error=ENODEV"
	# all of the command is zero when it comes: no namespace has that number
	absent "$GENERIC" command "ret=-22 error=EINVAL"
	absent "${DISK#/dev/}" read "$gone"
	absent "$GENERIC" read "$gone"
	absent "$GENERIC" odd-read "ret=0 error=0"
	absent "$GENERIC" write "$gone"
	absent "$GENERIC" list "$gone"
	absent "$GENERIC" uring-read "$gone"
	# it was there for the command, and is gone for its data
	absent "$CONTROLLER" identify "ret=0 error=0"
	absent "$CONTROLLER" timestamp "$gone"
	expect_healthy
}
