# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="health warnings are reported one after another, also after a reset; pending event requests do not time out"
DRIVERS=nvmepp
TIMEOUT=90

events() {
	controller_value events
}

events_arrived() {
	[ "$(events)" = "$1" ]
}

# warning BITS: QEMU reports those that were not set before
warning() {
	path="\"path\": \"/machine/peripheral/plain\", \"property\": \"smart_critical_warning\""
	qmp "{\"execute\": \"qom-set\", \"arguments\": {$path, \"value\": $1}}" >/dev/null
}

# expect_warning BITS COUNT: it arrives as the COUNTth event, its log page is read, and it is logged
expect_warning() {
	warning "$1"
	until_true 5 events_arrived "$2" || fail "$(events) events, expected $2"
	until_true 5 says "health: critical warning $(printf '0x%02x' "$1")" ||
		fail "the log has no line for the warning $1"
}

says() {
	test_log | grep -q "$1"
}

says_not() {
	! says "$1" || fail "the log has '$1'"
}

run_test() {
	start_driver lost_irq_ms=16 lost_irq_action=poll
	expect_eq "events at first" "$(events)" 0
	# Without the log having been read there would be no second one.
	expect_warning 4 1
	expect_log 'event: health .type 1, information 0x00, log page 2.'
	expect_warning 12 2
	warning 0

	# More than two admin timeouts: the pending request does not time out.
	sleep 5
	says_not 'timed out'
	expect_resets 0
	expect_nothing_lost

	reset_controller || fail "the reset failed"
	expect_warning 2 3
	expect_resets 1
	expect_healthy

	# Another reset under load, and events meanwhile: none is taken for an answer.
	io_start --jobs=2 --depth=4 --ms=4000 --length=4M --max=64k
	for round in 1 2 3 4; do
		warning 0
		warning 31
		reset_controller || fail "the reset failed"
		admin_command || fail "the admin queue does not answer"
	done
	io_end
	expect_good_io
	warning 0
	before=$(events)
	warning 1
	until_true 5 events_arrived $((before + 1)) || fail "no event after the resets"
	says_not 'timed out'
	expect_resets 5
}
