# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="who polls for a request is frozen before the system sleeps: the driver polls for him"
NEEDS="CONFIG_SUSPEND CONFIG_PM_DEBUG CONFIG_IO_URING"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/pause.sh
. /lib/pause.sh

is_sent() {
	[ "$(queue_value submitted "$poll_queue")" = 1 ]
}

run_test() {
	start_driver poll_queues=1 io_timeout_ms=60000
	poll_queue=$(controller_value io_queues)
	rehearse_sleep s2idle devices
	io_start --poll --idle-ms=4000 --count=1 --length=1M --max=4k --reads=0 --no-check
	until_true 5 is_sent || fail "no request was sent"
	usleep 300000
	expect_eq "requests that have ended" "$(queue_value completed "$poll_queue")" 0

	before=$(pauses)
	fall_asleep
	expect_eq "pauses" $(($(pauses) - before)) 1
	expect_eq "requests that were polled for" "$(queue_value polled "$poll_queue")" 1
	io_end
	expect_good_io
	expect_eq "cancelled commands" "$(queue_value cancelled "$poll_queue")" 0
	expect_resets 0
	expect_nothing_lost
	expect_healthy
}
