# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="dies in five ways under load, ctrl_loss_tmo 0: all I/O fails within twice its timeout"
PROFILE=faults
COVERS="C5 C9"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/bounds.sh
. /lib/bounds.sh

# Four of the five are still there by their vendor id: nvmepp would wait for them.
CTRL_LOSS_TMO=0

# dies LIMIT KNOB VALUE...: under load
dies() {
	limit=$1
	shift
	echo "--- $*"
	settle
	count_resets
	under_load --jobs=2 --depth=8 --ms=120000 --start=16M --length=16M --max=64k --no-check
	fault "$@"
	until_true 60 test -s /run/io.out || fail "requests hang"
	io_end
	expect_at_least "good requests" "$io_ios" 10
	expect_at_least "failed requests" "$io_errors" 1
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_waited "$limit"
	has_struck "$1" || fail "$1 did not strike"
}

# Nothing is left to reset, or one reset is tried.
comes_back() {
	fault clear 1
	revive
	kept_data
}

run_test() {
	start_driver
	kept_data

	# Registers are as they should be, and no command is answered.
	dies $FAILED_MS cmd-drop "$FOREVER"
	expect_one_reset
	comes_back

	# What it has asked for to become ready or to stop, it has once.
	asked=$((IO_TIMEOUT_MS + 1500 + $(ready_limit)))
	dies $asked enable-late "$FOREVER" cmd-drop "$FOREVER"
	expect_one_reset
	comes_back

	dies $asked disable-late "$FOREVER" cmd-drop "$FOREVER"
	expect_one_reset
	comes_back

	# Only its registers are gone, and none is read before a request has timed out.
	dies $FAILED_MS read-ones "$FOREVER" cmd-drop "$FOREVER"
	comes_back

	dies $FAILED_MS gone 1
	comes_back
	expect_healthy
}
