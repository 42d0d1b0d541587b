# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="all registers are all-ones for 8 s, the vendor id is right: the device is not gone, no request fails"
PROFILE=faults
COVERS="C5"
TIMEOUT=180

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

run_test() {
	start_driver
	kept_data
	load_starts 60000
	fault queues $((0xfffffffe)) cmd-drop 1 read-ones "$FOREVER"
	until_true "$((20 * SLOWNESS))" has_struck read-ones || fail "no register was read"
	sleep 8
	[ ! -s /run/io.out ] || fail "the load has ended: $(cat /run/io.out)"
	fault read-ones 0
	load_is_right
	fault clear 1
	expect_alive
}
