# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034
#
# Races that happen every time: kmod/window.c widens the window between two steps of the driver at
# hand. A test that uses it says HELPERS=window.

# What both drivers call between finding a completion and moving on from it, and their handlers of
# timeouts.
case $DRIVER in
nvmepp)
	REAP_STEP=npp_os_complete
	TIMEOUT_HANDLER=npp_timeout
	;;
*)
	REAP_STEP=blk_mq_complete_request_remote
	TIMEOUT_HANDLER=nvme_timeout
	;;
esac

# widen PARAMETER=VALUE...: from here on, in the driver that is loaded
widen() {
	insmod /modules/window.ko caller="[$DRIVER]" "$@" || fail "the window cannot be widened: $*"
}

# window KEY: waits, waiting or most
window() {
	cat "/sys/module/window/parameters/$1"
}

is_waiting() {
	[ "$(window waiting)" -gt 0 ]
}

close_window() {
	rmmod window || fail "window.ko cannot be removed"
}

# What both drivers say of a completion that no request waits for.
expect_taken_once() {
	expect_eq "completions that no request waits for" \
		"$(log_lines 'invalid id|genctr mismatch|completion with (stale )?command id')" 0
}
