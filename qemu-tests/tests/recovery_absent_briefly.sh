# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the function is absent for 50 ms (registers and vendor id are all-ones) while commands are timed out: reset, and served"
PROFILE=faults
COVERS="C5"
TIMEOUT=120

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

# absent MS: from the first read after a timeout on; what is in flight until then is lost
absent() {
	echo "--- $1 ms"
	settle
	load_starts 6000
	fault gone-ms "$1" gone 1
	until_true "$((30 * SLOWNESS))" test -s /run/io.out || fail "requests hang"
	io_end
	expect_good_io
	expect_at_least "the longest request's time, ms" "$io_longest_ms" "$TIMEOUT_MS"
	expect_hits_at_least gone 1
	fault clear 1
	expect_alive
}

run_test() {
	start_driver
	kept_data
	absent 20
	absent 50
}
