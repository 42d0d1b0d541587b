# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
#
# A controller that does not come back at the first attempt: how its state, its attempts and its
# limits are read, and a load that outlives it.

# shellcheck source=stages.sh
. /lib/stages.sh

# ctrl_folder: the controller's node in sysfs, which is there without disks too
ctrl_folder() {
	for folder in "/sys/bus/pci/devices/$BDF"/*/"$CONTROLLER"; do
		[ ! -e "$folder/state" ] || echo "$folder"
	done
}

ctrl_attr() {
	cat "$(ctrl_folder)/$1"
}

# "removed" where the driver has taken even the node away, as the in-tree driver does
ctrl_state() {
	if [ -n "$(ctrl_folder)" ]; then
		ctrl_attr state
	else
		echo removed
	fi
}

# state_is STATE...: for until_true
state_is() {
	now=$(ctrl_state)
	for one; do
		[ "$now" != "$one" ] || return 0
	done
	return 1
}

has_failed() {
	state_is failed dead removed
}

# set_tmo NAME SECONDS: ctrl_loss_tmo or fast_io_fail_tmo of this controller
set_tmo() {
	echo "$2" >"$(ctrl_folder)/$1" || fail "$1 does not accept $2"
	expect_tmo "$1" "$2"
}

# expect_tmo NAME SECONDS: -1 is shown as upstream shows it
expect_tmo() {
	expect_eq "$1" "$(ctrl_attr "$1" | sed 's/^off$/-1/')" "$2"
}

# resets_done: those that have succeeded, of the driver's own accord or not
resets_done() {
	done=$(counters)
	echo "${done%% *}"
}

# request_reset: in the background, since the attempts may last
request_reset() {
	resets_at_request=$(resets_done)
	(echo 1 >"$(ctrl_folder)/reset_controller") 3>&- 2>/dev/null &
}

# is_reset: the request has been carried out
is_reset() {
	[ "$(resets_done)" -gt "${resets_at_request:-0}" ] && controller_live
}

# reset_is_over: one way or the other
reset_is_over() {
	is_reset || has_failed
}

# reset_until_live SECONDS: a reset by hand, with as many attempts as it needs
reset_until_live() {
	request_reset
	until_true "$(($1 * SLOWNESS))" reset_is_over || fail "not live $1 s after a reset: $(ctrl_state)"
	! has_failed || fail "a reset has cost the controller: $(ctrl_state)"
}

# attempts: how many have failed, by the log
attempts() {
	log_lines 'attempt [0-9]+ failed'
}

has_attempts() {
	[ "$(attempts)" -ge "$1" ]
}

# attempt_times: milliseconds of the kernel's clock, a line for each failed attempt
attempt_times() {
	test_log | awk -F '[][]' '/attempt [0-9]+ failed/ { printf "%d\n", $2 * 1000 }'
}

# A controller that answers no command at all, until "fault clear 1".
silence() {
	fault cmd-drop "$FOREVER"
}

# load_in_background: over several disturbances; ended by load_is_right
load_in_background() {
	load_starts $((TIMEOUT * 1000))
}

# No request failed, each block is right, and the disk serves.
load_is_right() {
	[ -s /run/io.out ] || io_enough
	until_true "$((60 * SLOWNESS))" test -s /run/io.out || fail "requests hang"
	io_end
	expect_good_io
	kept_data
}

# A task may wait for I/O for longer than the kernel likes to see.
allow_long_waits() {
	echo 0 >/proc/sys/kernel/hung_task_timeout_secs
}

forbid_long_waits() {
	echo 20 >/proc/sys/kernel/hung_task_timeout_secs
}

# record_events: what udev would see of this driver, to /run/uevents
record_events() {
	: >/run/uevents
	# shellcheck disable=SC2016 # expanded by the inner shell
	uevent sh -c '[ -z "$NVMEPP_EVENT" ] || echo "$NVMEPP_EVENT $NVMEPP_CTRL"' >>/run/uevents &
	recorder=$!
	usleep 200000
}

# events NAME: how many of them
events() {
	grep -c "^$1 $CONTROLLER" /run/uevents
}

has_event() {
	[ "$(events "$1")" -ge 1 ]
}

queue_attr() {
	cat "/sys/block/${DISK#/dev/}/queue/$1"
}

# expect_alive: after the fault is gone; what was there before is there
expect_alive() {
	until_true "$((40 * SLOWNESS))" controller_live || fail "the controller stays $(ctrl_state)"
	kept_data
}
