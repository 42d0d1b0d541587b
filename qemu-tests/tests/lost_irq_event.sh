# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the interrupt of an asynchronous event is lost: found while there is I/O, without an admin command"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

event_arrived() {
	[ "$(controller_value events)" = 1 ]
}

run_test() {
	io_timeout=30000
	start_watching
	io_start --cpu=0 --depth=4 --ms=6000 --length=8M --max=64k
	fault queues "$(queue_bits admin)" irq-drop 1
	warning="\"path\": \"/machine/peripheral/plain\", \"property\": \"smart_critical_warning\""
	qmp "{\"execute\": \"qom-set\", \"arguments\": {$warning, \"value\": 4}}" >/dev/null
	until_true 4 event_arrived || fail "the event has not arrived"
	[ ! -s /run/io.out ] || fail "the load ended before the event arrived"
	io_end
	expect_good_io
	expect_hits irq-drop 1
	expect_queue lost 1 admin
	expect_queue lost 0
	expect_no_reset
	expect_healthy
}
