# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="suspend ends in time, asleep or refused, io_timeout at its maximum: a dropped command, a stall, a stopped poller, a backoff"
PROFILE=faults
NEEDS="CONFIG_SUSPEND CONFIG_PM_DEBUG CONFIG_IO_URING"
DRIVERS=nvmepp
COVERS="C5"
WHEN=all
TIMEOUT=630

# shellcheck source=../guest/leaving.sh
. /lib/leaving.sh

# Commands that do not end keep the system awake for a minute at most.
SUSPEND_MS=65000

leave() {
	can_sleep || skip "this kernel cannot rehearse sleep"
	allow_long_waits
	bounded_start go_to_sleep
	ended_within $SUSPEND_MS
	bounded_end "sleep" || echo "the system has stayed awake"
	fault clear 1
	# What was dropped is not to be had again without a reset, since no timeout comes.
	until_true "$((40 * SLOWNESS))" controller_live || fail "the controller is $(ctrl_state)"
	reset_until_live 20
	load_is_over
	forbid_long_waits
	kept_data
}

run_test() {
	# shellcheck disable=SC2086 # a list
	leave_during $SITUATIONS
}
