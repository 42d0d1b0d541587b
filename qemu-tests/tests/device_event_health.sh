# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="health warnings are heard one after another, also after a reset; waiting for them is not timed out"
DRIVERS=nvmepp
TIMEOUT=90

events() {
	controller_value events
}

heard() {
	[ "$(events)" = "$1" ]
}

# warning BITS: QEMU reports those that were not set before
warning() {
	path="\"path\": \"/machine/peripheral/plain\", \"property\": \"smart_critical_warning\""
	qmp "{\"execute\": \"qom-set\", \"arguments\": {$path, \"value\": $1}}" >/dev/null
}

# expect_warning BITS COUNT: it is heard as the COUNTth, read, and said
expect_warning() {
	warning "$1"
	until_true 5 heard "$2" || fail "$(events) events heard, expected $2"
	until_true 5 says "health: critical warning $(printf '0x%02x' "$1")" ||
		fail "the log does not tell of the warning $1"
}

says() {
	test_log | grep -q "$1"
}

says_not() {
	! says "$1" || fail "the log has '$1'"
}

run_test() {
	start_driver lost_irq_ms=100 lost_irq_action=poll
	expect_eq "events at first" "$(events)" 0
	# Without the log having been read there would be no second one.
	expect_warning 4 1
	expect_log 'event: health .type 1, information 0x00, log page 2.'
	expect_warning 12 2
	warning 0

	# More than two admin timeouts: nobody misses the request's answer.
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
	until_true 5 heard $((before + 1)) || fail "no event after the resets"
	says_not 'timed out'
	expect_resets 5
}
