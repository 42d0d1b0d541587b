# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a controller that has failed is live again by reset_controller, and by a reset of its PCI function, without unbind"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=120

# shellcheck source=../guest/limits.sh
. /lib/limits.sh
# shellcheck source=../guest/pause.sh
. /lib/pause.sh

# fails_and_returns_by COMMAND...: the controller, for good; what COMMAND does then brings it back
fails_and_returns_by() {
	echo "--- $*"
	lose_controller 1
	load_fails_after 1000
	expect_hits_at_least cmd-drop 1
	until_true 5 has_failed || fail "the controller is $(ctrl_state)"
	fault clear 1
	sleep 2
	has_failed || fail "the controller has come back by itself"
	disk_was=$(disks)
	"$@"
	until_true "$((15 * SLOWNESS))" controller_live || fail "the controller is $(ctrl_state) after '$*'"
	# The disk may have been made anew, with the name that it had.
	until_true 10 has_disk || fail "there is no disk"
	expect_eq "disks" "$(disks)" "$disk_was"
	kept_data
}

by_hand() {
	echo 1 >"$(ctrl_folder)/reset_controller" || fail "reset_controller refuses 1"
}

run_test() {
	start_driver ctrl_loss_tmo=1
	kept_data
	fails_and_returns_by by_hand
	fails_and_returns_by reset_function flr
	fails_and_returns_by by_hand
	expect_healthy
}
