# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a silent, fatal, stuck controller in turn, 10 s each: I/O waits, and is served when it recovers"
PROFILE=faults
DRIVERS=nvmepp
WHEN=all
TIMEOUT=450

# shellcheck source=../guest/reconnect.sh
. /lib/reconnect.sh

CSTS_FATAL=2

# ten_seconds KNOB VALUE...: under load, from the first time on that the first knob strikes
ten_seconds() {
	echo "--- $*"
	load_starts 200000
	fault "$@"
	request_reset
	until_true "$((20 * SLOWNESS))" has_struck "$1" || fail "$1 does not strike"
	sleep 10
	[ ! -s /run/io.out ] || fail "the load has ended: $(cat /run/io.out)"
	expect_hits_at_least "$1" 1
	fault clear 1
	load_is_right
}

run_test() {
	start_driver ctrl_loss_tmo=-1
	expect_tmo ctrl_loss_tmo -1
	kept_data
	ten_seconds cmd-drop "$FOREVER"
	ten_seconds enable-late "$FOREVER"
	ten_seconds disable-late "$FOREVER"
	ten_seconds cc-drop "$FOREVER"
	ten_seconds csts "$FOREVER" csts-or $CSTS_FATAL
	ten_seconds read-ones "$FOREVER"
	ten_seconds cmd-error "$FOREVER" queues 1
	ten_seconds irq-drop "$FOREVER"
}
