# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a user's timeout ends in a poll; in a reset only where the poll finds nothing"
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

READ="opcode=2 nsid=1 cdw12=7 length=4096 timeout=700"

# swallowed NODE COMMAND RESETS: the doorbell is lost, the user gets EINTR for the reset
swallowed() {
	swallow "$1" "$2"
	ends_with EINTR
	until_true 5 controller_live || fail "not live after the reset"
	expect_resets "$3"
}

# not_hurried NODE QUEUE COMMAND: whose interrupt is lost; the unprivileged user's timeout of
# 700 ms does not count, another command's interrupt ends it
not_hurried() {
	msix "$BDF" break "$(vector_of_queue "$2")"
	# shellcheck disable=SC2086 # several words
	ioctl "/dev/$1" $3 timeout=700 uid=1000 >/run/user.out &
	user=$!
	usleep 2000000
	[ ! -s /run/user.out ] || fail "$3: the user's own timeout counted: $(cat /run/user.out)"
	msix "$BDF" restore "$(vector_of_queue "$2")"
	admin_command || fail "Identify fails"
	dd if="$DISK" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null || fail "a read fails"
	wait $user
	grep -q '^ret=0' /run/user.out || fail "$3: $(cat /run/user.out)"
	expect_resets 2
}

run_test() {
	start_driver io_timeout_ms=6000 admin_timeout_ms=6000 max_queues=1
	NAME=${DISK#/dev/}
	# The first command has the driver ask for the log of effects.
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	lost "$CONTROLLER admin" admin "$IDENTIFY_CTRL timeout=700"
	lost "$NAME io" 1 "$READ"
	expect_lost 2
	swallowed "$CONTROLLER" "admin $IDENTIFY_CTRL timeout=700" 1
	swallowed "$NAME" "io $READ" 2
	expect_healthy

	not_hurried "$CONTROLLER" admin "admin $IDENTIFY_CTRL"
	not_hurried "$NAME" 1 "io $READ"
}
