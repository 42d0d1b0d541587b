# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# A stalled backend: I/O completions come late, all of them, while the controller is well.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

# stall MS: under load; every request is served in the end
stall() {
	echo "--- $1 ms without an answer, io_timeout $IO_TIMEOUT_MS ms"
	under_load --jobs=2 --depth=4 --ms=$(($1 + 2500)) --start=16M --length=16M --max=64k --seed=9
	outage "$1"
	until_true $(((($1 + 20000) / 1000) * SLOWNESS)) test -s /run/io.out || fail "requests hang"
	io_end
	echo "state $(ctrl_state), $io_ios requests, $io_errors failed, the longest took $io_longest_ms ms"
	expect_good_io
	expect_hits_at_least outage 1
	expect_at_least "the longest request's time, ms" "$io_longest_ms" $(($1 * 9 / 10))
	fault clear 1
	expect_alive
}
