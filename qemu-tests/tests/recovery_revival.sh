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
	until_true 5 has_failed || fail "the controller is $(ctrl_state)"
	fault clear 1
	sleep 2
	has_failed || fail "the controller has come back by itself"
	disk_was=$(disks)
	seq_was=$(cat "/sys/block/$disk_was/diskseq")
	"$@"
	until_true "$((15 * SLOWNESS))" controller_live || fail "the controller is $(ctrl_state) after '$*'"
	# Dead disks are made anew, by a scan that follows.
	until_true 10 disk_is_new || fail "disks: $(disks), expected $disk_was again"
	kept_data
}

disk_is_new() {
	[ "$(disks)" = "$disk_was" ] && [ "$(cat "/sys/block/$disk_was/diskseq")" != "$seq_was" ]
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
	proved 1
}
