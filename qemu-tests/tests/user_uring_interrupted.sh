# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="commands of a ring whose interrupt is lost, that a reset or a removal takes along"
DRIVERS=nvmepp
NEEDS="CONFIG_IO_URING"
TIMEOUT=90

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

READ="opcode=2 nsid=1 cdw12=7 length=4096"

module_users() {
	cat /sys/module/nvmepp/refcnt
}

run_test() {
	start_driver io_timeout_ms=6000 admin_timeout_ms=6000 max_queues=1
	GENERIC=ng${DISK#/dev/nvme}
	# The first command has the driver ask for the log of effects.
	status 0 "$CONTROLLER" uring-admin "$IDENTIFY_CTRL"
	lost "$CONTROLLER uring-admin" admin "$IDENTIFY_CTRL timeout=700"
	lost "$GENERIC uring-io" 1 "$READ timeout=700"
	expect_lost 2

	swallow "$GENERIC" "uring-io $READ timeout=700"
	ends_with EINTR
	until_true 5 controller_live || fail "not live after the reset"
	expect_resets 1
	swallow "$CONTROLLER" "uring-admin $IDENTIFY_CTRL timeout=700"
	ends_with EINTR
	until_true 5 controller_live || fail "not live after the reset"
	expect_resets 2

	# A ring's command has the module, and no controller: that one may leave.
	swallow "$GENERIC" "uring-io $READ timeout=1500"
	expect_at_least "users of the module" "$(module_users)" 1
	unbind_device
	ends_with EINTR
	[ -z "$(disks)" ] || fail "disks are left behind: $(disks)"
	until_true 5 rmmod nvmepp || fail "the module stays"
}
