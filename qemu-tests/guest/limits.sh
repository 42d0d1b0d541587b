# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# ctrl_loss_tmo and fast_io_fail_tmo, by the kernel's clock.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

# lose_controller ATTEMPTS: it answers nothing from now on, under load; so many attempts have failed
# afterwards
lose_controller() {
	attempts_before=$(attempts)
	load_starts 200000
	silence
	request_reset
	until_true "$((20 * SLOWNESS))" has_attempts $((attempts_before + $1)) ||
		fail "$(($(attempts) - attempts_before)) attempts have failed, expected $1"
	first_ms=$(attempt_times | sed -n "$((attempts_before + 1))p")
}

# load_fails_after MS [MORE]: the load has ended by itself so long after the first failed attempt, up to
# a second (or MORE ms) later
load_fails_after() {
	until_true "$((($1 / 1000 + 30) * SLOWNESS))" test -s /run/io.out || fail "the load goes on"
	took=$(($(now_ms) - first_ms))
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_at_least "failed requests" "$io_errors" 1
	echo "I/O failed $took ms after the first failed attempt"
	expect_at_least "time from the first failed attempt to the end of the load, ms" $took "$1"
	expect_at_most "time from the first failed attempt to the end of the load, ms" $took \
		$(($1 + ${2:-1000} + io_late_ms))
}

fails_at_once() {
	started=$(now_ms)
	! dd if="$DISK" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null || fail "a request succeeds"
	expect_at_most "the time of a request that fails, ms" $(($(now_ms) - started)) 1000
}
