# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the watchdog is switched on in the middle of a reset: it leaves the queues alone until they serve again"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/stages.sh
. /lib/stages.sh
# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

IRQDISABLE_POLLS=polls

resetting() {
	[ "$(controller_value state)" = resetting ]
}

run_test() {
	start_driver lost_irq_ms=0 lost_irq_action=poll io_timeout_ms=20000
	kept_data
	under_load --jobs=2 --depth=8 --ms=6000 --start=16M --length=16M --max=64k --seed=9
	echo "--- completions wait without an interrupt, and the controller takes 2 s to stop"
	fault queues $((0xfffffffe)) irq-drop "$FOREVER"
	until_true 5 has_struck irq-drop 2 || fail "no interrupt was lost"
	usleep 200000
	fault ready-late-ms 2000 disable-late 1
	bounded_start reset_controller
	until_true 5 has_struck disable-late || fail "the controller was not disabled"
	polls=$(queue_value $IRQDISABLE_POLLS)
	echo 20 >"$PARAMETERS/lost_irq_ms"
	usleep 700000
	resetting || fail "the reset has ended too early to say anything"
	expect_eq "polls by the watchdog during a reset" "$(queue_value $IRQDISABLE_POLLS)" "$polls"
	fault irq-drop 0
	bounded_end reset_controller || fail "the reset failed"
	io_end
	expect_good_io
	expect_eq "queues that are polled by timer" \
		"$(awk 'NR > 1 && / polled /' "$DEBUGFS/$CONTROLLER/queues" | grep -c .)" 0
	echo "--- and afterwards it is at work"
	lost=$(queue_value lost)
	fault irq-drop 1
	io_run --cpu=0 --count=1 --start=48M --length=1M --max=4k --reads=0 --no-check
	expect_eq "completions whose interrupt was lost" $(($(queue_value lost) - lost)) 1
	expect_at_most "its time, ms" "$io_longest_ms" 1900
	kept_data
}
