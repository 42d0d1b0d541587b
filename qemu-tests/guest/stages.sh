# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# One fault of the device (PROFILE=faults) at each stage of a controller's life. A test says
#
#	FAULT=cqe-drop			the knob whose hits prove that the fault happened
#	RESETS=1			what the fault may cost at most (default: 1), where the
#					controller lives on
#	MAY_FAIL=1			requests may fail under it, and the controller be given up
#	strike() { fault $FAULT 1; }	turns the knob; this is the default
#	proof() { ...; }		what else must hold after stage $1, which the fault struck $struck times
#	at_stages probe idle load reset suspend resume removal
#
# During a reset, and on the way into and out of sleep, it strikes the admin queue. After each stage
# the knobs are as at power on, the device answers, if need be after another bind, data that was
# there before is there still, and the stage is announced as a part of the test.

# How long a stage of the driver itself (probe, reset, removal) may take with io and admin timeouts
# of 2 s: some commands time out one after the other.
STAGE_MS=30000

# A swallowed request is served within 1.2 x io_timeout + 1 s, a dead device's fails within twice
# that timeout; blk-mq looks once a second, and the load generator needs a little itself.
SERVED_MS=4400

strike() {
	fault "$FAULT" 1
}

proof() {
	:
}

# The region that no load of a stage writes to; what it holds outlives every stage.
kept_data() {
	io_run --jobs=2 --depth=8 --count=40 --length=4M --max=64k --state=/run/kept.state
}

# What must hold once the fault is over.
stage_over() {
	struck=$(fault_hits "$FAULT")
	echo "stage $1: $FAULT struck $struck times"
	expect_hits_at_least "$FAULT" 1
	proof "$1"
	fault clear 1
	revive
	kept_data
	expect_at_most "longest request of a healthy device, ms" "$io_longest_ms" 1400
	echo "part ok $1" >&3
}

at_stages() {
	for stage; do
		case $stage in
		suspend | resume) can_sleep || continue ;;
		esac
		echo "--- stage $stage"
		"stage_$stage"
		stage_over "$stage"
	done
}

# bounded_start COMMAND...: in the background; bounded_end: its status, and that it did end
bounded_start() {
	rm -f /run/bounded
	started_ms=$(now_ms)
	(
		"$@" 2>/dev/null
		echo $? >/run/bounded
	) 3>&- &
}

bounded_ended() {
	[ -s /run/bounded ]
}

bounded_end() {
	until_true $((STAGE_MS * SLOWNESS / 1000)) bounded_ended || fail "$1 does not end"
	echo "$1 took $(($(now_ms) - started_ms)) ms"
	return "$(cat /run/bounded)"
}

bound() {
	[ -e "/sys/bus/pci/devices/$BDF/driver" ]
}

has_disk_or_none() {
	has_disk || ! bound
}

load_starts() {
	under_load --jobs=2 --depth=8 --ms="$1" --start=16M --length=16M --max=64k --seed=9
}

# The load of a stage after which the controller lives on.
load_ends() {
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_eq "all jobs finished" "$io_finished" 1
	expect_survival
}

# Unless the fault may cost the controller.
expect_survival() {
	[ -z "${MAY_FAIL:-}" ] || return 0
	expect_eq "failed requests" "$io_errors" 0
	expect_few_resets 0
}

# expect_few_resets ASKED: so many somebody has asked for, the others were the fault's
expect_few_resets() {
	refresh_counters
	expect_at_most "controller resets" $((total_resets - resets_before)) $(($1 + ${RESETS:-1}))
}

# settle: what the counters say before the fault
settle() {
	ensure_started
	refresh_counters
	resets_before=$total_resets
}

ensure_started() {
	driver_loaded || start_driver
}

# While the device is bound for the first time: it comes up all the same, or is given up in time.
stage_probe() {
	! driver_loaded || stop_driver
	load_without_device
	strike
	bounded_start bind_device
	bounded_end "the probe" || echo "the probe failed"
	until_true 20 has_disk_or_none || fail "neither a disk nor given up"
	until_true 10 has_struck "$FAULT" || fail "$FAULT did not strike during the probe"
	fault_stop
}

# Faults armed for ever stop; what has been counted stays.
fault_stop() {
	fault "$FAULT" 0
}

# One request, and nothing else.
stage_idle() {
	settle
	strike
	io_start --cpu=0 --count=1 --start=32M --length=1M --max=4k --reads=0 --no-check
	until_true 10 has_struck "$FAULT" || fail "$FAULT did not strike a request"
	io_end
	expect_at_most "the request's time, ms" "$io_longest_ms" "${IDLE_MS:-$SERVED_MS}"
	expect_survival
	fault_stop
}

stage_load() {
	settle
	load_starts 5500
	strike
	until_true 10 has_struck "$FAULT" || fail "$FAULT did not strike under load"
	load_ends
	fault_stop
}

# While a reset is under way. It succeeds, or the controller is given up and the load fails.
stage_reset() {
	settle
	load_starts 4500
	fault queues "$(queue_bits admin)"
	strike
	bounded_start reset_controller
	bounded_end "the reset" || echo "the reset failed"
	until_true 20 has_struck "$FAULT" || fail "$FAULT did not strike during the reset"
	fault_stop
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	! bound || ! becomes_alive || expect_few_resets 1
}

# Not all kernels can rehearse sleep.
can_sleep() {
	[ -e /sys/power/pm_test ] || {
		echo "no sleep: this kernel cannot rehearse it"
		return 1
	}
}

# As far down as devices go, and up again; refused if a device does not let the system sleep.
go_to_sleep() {
	echo s2idle >/sys/power/mem_sleep
	echo devices >/sys/power/pm_test
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	slept=0
	echo mem >/sys/power/state || slept=1
	echo none >/sys/power/pm_test
	return $slept
}

# asleep_and_back SKIP: under load; this many commands of the admin queue are spared
asleep_and_back() {
	settle
	load_starts 6000
	fault queues "$(queue_bits admin)" skip "$1"
	strike
	bounded_start go_to_sleep
	bounded_end "sleep" || echo "the system does not sleep"
	until_true 5 has_struck "$FAULT" || fail "$FAULT did not strike"
	fault_stop
	until_true 15 test -s /run/io.out || fail "requests hang after sleep"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	[ -n "${MAY_FAIL:-}" ] || expect_eq "failed requests" "$io_errors" 0
	! bound || ! becomes_alive || expect_few_resets 0
}

# A controller is told of its end: both drivers delete its queues, by two commands each.
stage_suspend() {
	asleep_and_back 0
}

# The first command after those is one of the resume.
stage_resume() {
	asleep_and_back $((2 * $(io_vectors | grep -c .)))
}

alive() {
	has_disk && CONTROLLER=$(disks | sed -n '1s/n[0-9]*$//p') && controller_live
}

# Each poll takes a while on a busy host, so that the clock decides, and not their number.
becomes_alive() {
	alive_by=$(($(now_ms) + 8000))
	until alive; do
		[ "$(now_ms)" -lt $alive_by ] || return 1
		usleep 200000
	done
}

# revive: the device is usable again, if need be by another bind
revive() {
	if bound && becomes_alive; then
		expect_accounts
		keep_counters
	else
		echo "the controller was given up"
		counters_base=
		! bound || unbind_device
		bind_device
	fi
	find_disks
}

stage_removal() {
	ensure_started
	load_starts 4500
	keep_counters
	strike
	until_true 5 has_struck "$FAULT" || echo "$FAULT waits for the removal"
	bounded_start unbind_device
	bounded_end "the removal"
	until_true 15 test -s /run/io.out || fail "requests hang after the removal"
	io_end
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_eq "disks of a removed device" "$(disks)" ""
	fault_stop
}
