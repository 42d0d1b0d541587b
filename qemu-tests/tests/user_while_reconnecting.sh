# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="while attempts go on an admin command is answered EAGAIN at once, and the controller's node is not opened"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh
# shellcheck source=../guest/limits.sh
. /lib/limits.sh

# opened NODE: a process has it open, and sends Identify once release_node is called
opened() {
	# shellcheck disable=SC2086 # several words
	ioctl "/dev/$1" admin $IDENTIFY_CTRL hold=/run/held >/run/opened.out &
	opened=$!
	until_true 10 test -e /run/held || fail "$1 is not opened"
}

run_test() {
	start_driver
	kept_data
	opened "$CONTROLLER"
	# The waits are 1, 2 and 4 s: the third attempt has just failed.
	lose_controller 3
	expect_eq "state" "$(ctrl_state)" connecting
	refused EAGAIN "$CONTROLLER" admin "$IDENTIFY_CTRL"
	expect_eq "the open" "$ioctl_open" 1
	rm /run/held
	wait $opened
	grep -q "^ret=-1 error=EAGAIN " /run/opened.out || fail "a command meanwhile: $(cat /run/opened.out)"
	expect_eq "state" "$(ctrl_state)" connecting
	expect_hits_at_least cmd-drop 3
	fault clear 1
	until_true $((20 * SLOWNESS)) controller_live || fail "the controller is $(ctrl_state)"
	status 0 "$CONTROLLER" admin "$IDENTIFY_CTRL"
	load_is_right
}
