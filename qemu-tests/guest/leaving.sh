# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# A driver that is to let its device go while something is in the way that no timeout ends:
# io_timeout_ms is at its maximum. A test has a function leave.

# shellcheck source=reconnect.sh
. /lib/reconnect.sh

LARGEST_TIMEOUT=4294967295

# An orderly shutdown takes three times shutdown_timeout_ms (5 s) and CAP.TO (7.5 s) at most.
LEAVE_MS=25000

# start_to_leave [PARAMETER=VALUE...]
start_to_leave() {
	start_driver io_timeout_ms=$LARGEST_TIMEOUT "$@"
	kept_data
}

# One command is in flight, and stays so.
command_dropped() {
	fault queues $((0xfffffffe)) cmd-drop 1
	io_start --cpu=0 --count=1 --start=32M --length=1M --max=4k --reads=0 --no-check
	until_true 10 has_struck cmd-drop || fail "no command was dropped"
}

# The whole storage is stalled for longer than the test.
commands_held() {
	load_starts 5000
	outage 600000
	until_true 10 has_struck outage 4 || fail "no completion is held"
}

is_sent() {
	[ "$(queue_value submitted "$poll_queue")" -gt "$sent" ]
}

# A polled request has completed, and the program that would poll for it is stopped.
poller_stopped() {
	poll_queue=$(controller_value io_queues)
	sent=$(queue_value submitted "$poll_queue")
	io_start --poll --idle-ms=600000 --count=1 --start=48M --length=1M --max=4k --reads=0 --no-check
	until_true 10 is_sent || fail "no polled request was sent"
	for task in /proc/[0-9]*; do
		[ "$(cat "$task/comm" 2>/dev/null)" != io ] || kill -STOP "${task#/proc/}"
	done
	stopped=1
	expect_eq "polled requests that have ended" \
		"$(($(queue_value submitted "$poll_queue") - $(queue_value completed "$poll_queue")))" 1
	proved 1
}

# The controller answers nothing, and the next attempt is seconds away.
in_backoff() {
	load_starts 5000
	silence
	request_reset
	until_true "$((40 * SLOWNESS))" has_attempts 3 || fail "no third attempt has failed"
	expect_hits_at_least cmd-drop 3
}

# ended_within MS: what bounded_start has begun
ended_within() {
	until_true "$((($1 / 1000 + 20) * SLOWNESS))" bounded_ended ||
		fail "no end after $(($(now_ms) - started_ms)) ms"
	took=$(($(now_ms) - started_ms))
	echo "took $took ms"
	expect_at_most "the time that it took, ms" $took "$1"
}

# The load has ended, with whatever errors, and what it read was right.
load_is_over() {
	if [ -n "$stopped" ]; then
		for task in /proc/[0-9]*; do
			[ "$(cat "$task/comm" 2>/dev/null)" != io ] || kill -KILL "${task#/proc/}"
		done
		stopped=
		wait "$io_pid"
		return
	fi
	until_true "$((20 * SLOWNESS))" test -s /run/io.out || fail "requests hang"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
}

# leave_during SITUATION...: each with the driver loaded anew
leave_during() {
	for situation; do
		echo "--- $situation"
		stopped=
		start_to_leave poll_queues=1
		$situation
		leave
		echo "part ok $situation" >&3
		fault clear 1
		counters_base=
		! driver_loaded || driver_remove || fail "the driver cannot be removed"
	done
}

SITUATIONS="command_dropped commands_held poller_stopped in_backoff"

# reboot_within MS: by the host's clock, since the guest's ends with the machine
reboot_within() {
	echo "within $(($1 / 1000))" >&3
	echo leaving >&3
	reboot -f
	sleep 1000
}
