# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="ctrl_loss_tmo: I/O waits so long after the first failed attempt, to the second, and then fails; 0: at once"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=180

# shellcheck source=../guest/limits.sh
. /lib/limits.sh

# lost_for SECONDS
lost_for() {
	echo "--- ctrl_loss_tmo $1"
	record_events
	set_tmo ctrl_loss_tmo "$1"
	lose_controller 1
	load_fails_after $(($1 * 1000))
	until_true 5 has_failed || fail "the controller is $(ctrl_state)"
	fails_at_once
	expect_at_least "events 'reconnecting'" "$(events reconnecting)" 1
	expect_eq "events 'failed'" "$(events failed)" 1
	expect_eq "events 'live'" "$(events live)" 0
	kill "$recorder"
	expect_hits_at_least cmd-drop 1
	fault clear 1
	revive
	kept_data
}

# A limit that is set while it waits counts at once, from the first failed attempt on.
cut_short() {
	echo "--- ctrl_loss_tmo 600, and 1 while the next attempt is waited for"
	set_tmo ctrl_loss_tmo 600
	# The waits are 1, 2 and 4 s: the third attempt has just failed.
	lose_controller 3
	usleep 300000
	expect_eq "state" "$(ctrl_state)" connecting
	first_ms=$(now_ms)
	set_tmo ctrl_loss_tmo 1
	load_fails_after 0
	until_true 5 has_failed || fail "the controller is $(ctrl_state)"
	fault clear 1
	revive
	kept_data
}

# The first failed attempt is the last one.
lost_at_once() {
	echo "--- ctrl_loss_tmo 0"
	set_tmo ctrl_loss_tmo 0
	load_starts 200000
	silence
	first_ms=$(now_ms)
	request_reset
	load_fails_after 0 3000
	until_true 5 has_failed || fail "the controller is $(ctrl_state)"
	fails_at_once
	fault clear 1
	revive
	kept_data
}

run_test() {
	start_driver
	expect_tmo ctrl_loss_tmo 600
	kept_data
	lost_for 4
	lost_for 9
	cut_short
	lost_at_once
}
