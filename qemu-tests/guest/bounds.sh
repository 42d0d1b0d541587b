# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# How long I/O may wait for a recovery, and what that may cost. With a timeout of 6 s, since blk-mq
# looks only once a second, which is half of what the usual 2 s would leave.

# shellcheck source=stages.sh
. /lib/stages.sh

IO_TIMEOUT_MS=6000
# Whoever waits for I/O does not wait for that.
ADMIN_TIMEOUT_MS=60000

# After a swallowed command I/O is served again, and a dead device's I/O has failed.
SERVED_AGAIN_MS=$((IO_TIMEOUT_MS * 12 / 10 + 1000))
FAILED_MS=$((IO_TIMEOUT_MS * 2))

# How long the device may take to become ready, or to stop (CAP.TO), in ms
ready_limit() {
	echo $((($(bar "$BDF" read 0) >> 24 & 0xff) * 500))
}

# expect_waited LIMIT: the longest request has waited for its timeout, and no longer than this, but for
# what the guest was kept waiting by a busy host
expect_waited() {
	echo "the longest request took $io_longest_ms of $1 ms, guest late by $io_late_ms ms"
	expect_at_least "the longest request's time, ms" "$io_longest_ms" $((IO_TIMEOUT_MS * 95 / 100))
	expect_at_most "the longest request's time, ms" "$io_longest_ms" $(($1 + io_late_ms))
}

resets_said() {
	test_log | grep -c ': resetting: '
}

# count_resets, and then expect_one_reset: by the driver's own words, which tell of those that fail too
count_resets() {
	resets_before=$(resets_said)
}

expect_one_reset() {
	[ "$DRIVER" = nvme ] ||
		expect_eq "resets for one fault" $(($(resets_said) - resets_before)) 1
}
