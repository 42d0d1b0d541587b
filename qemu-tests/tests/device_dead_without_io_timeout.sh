# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="no timeout at all (the clouds' advice) and a device that dies in a reset: all I/O fails within two admin timeouts"
PROFILE=faults
DRIVERS=nvmepp
COVERS="C9"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

run_test() {
	start_driver io_timeout_ms=4294967295
	kept_data
	under_load --jobs=2 --depth=8 --ms=60000 --start=16M --length=16M --max=64k --no-check
	fault cmd-drop "$FOREVER"
	! reset_controller || fail "the reset has succeeded"
	until_true 10 test -s /run/io.out || fail "requests hang"
	io_end
	expect_hits_at_least cmd-drop 3
	expect_at_least "failed requests" "$io_errors" 1
	expect_at_least "the longest request's time, ms" "$io_longest_ms" "$ADMIN_TIMEOUT_MS"
	expect_at_most "the longest request's time, ms" "$io_longest_ms" \
		$((2 * ADMIN_TIMEOUT_MS + 1000 + io_late_ms))
	expect_log "the reset failed: once more"
	expect_log "controller failed: its disks fail all I/O"
	fault clear 1
	revive
	kept_data
}
