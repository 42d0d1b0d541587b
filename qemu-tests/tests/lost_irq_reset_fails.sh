# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="not even a reset helps: polled at 30 % of the healthy rate or more, and back again"
COVERS="A3 D3"
PROFILE=faults
DRIVERS=nvmepp
WHEN=all
TIMEOUT=90

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

LEAST_PERCENT=30

# measure_rate: requests a second of a load that is the same each time
measure_rate() {
	io_run --cpu=0 --depth=32 --count=3000 --length=16M --max=4k --no-check \
		--state=/run/io.state
	rate=$((io_ios * 1000 / (io_ran_ms + 1)))
}

is_not_polled() {
	! is_polled "$queue"
}

irqs_are_back() {
	io_run --cpu=0 --depth=1 --count=50 --length=16M --max=4k --state=/run/io.state
	! is_polled "$queue"
}

# What udev would see.
listen() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	uevent sh -c 'echo "$NVMEPP_EVENT $NVMEPP_CTRL $NVMEPP_QUEUE"' >/run/uevents &
	listener=$!
}

uevents() {
	grep -cx "$1 $CONTROLLER $queue" /run/uevents
}

lose() {
	rm -f /run/io.state.*
	listen
	measure_rate
	healthy=$rate

	# Not the vector: a polled one is mended now and then, and would let some through.
	fault clear 1 queues "$(queue_bits "$queue")" irq-drop "$FOREVER"
	io_start --cpu=0 --depth=4 --ms=1500 --length=8M --start=32M --max=64k
	io_end
	expect_good_io
	is_polled "$queue" || fail "queue $queue is not polled"
	expect_controller resets 1
	expect_controller lost_irq_resets 1

	lost=$(queue_value lost "$queue")
	dropped=$(fault_hits irq-drop)
	timer=$(queue_value polled "$queue")
	measure_rate
	polled=$rate
	expect_hits_at_least irq-drop $((dropped + 1))
	expect_at_least "requests completed by the timer" \
		$(($(queue_value polled "$queue") - timer)) "$io_ios"
	expect_queue lost "$lost"
	expect_controller resets 1
	expect_controller reset_failures 0

	# While there is no pause in the load: what ends the polling is not put off by it.
	io_start --cpu=0 --depth=1 --ms=6000 --length=16M --max=4k --no-check --state=/run/io.state
	fault irq-drop 0
	until_true 5 is_not_polled || fail "queue $queue is polled although its interrupts are back"
	[ ! -s /run/io.out ] || fail "the load ended before the polling"
	io_end
	until_true 10 irqs_are_back || fail "queue $queue is polled although its interrupts are back"
	expect_nothing_more_lost
	expect_controller resets 1
	kill $listener
	expect_eq "uevents 'degraded'" "$(uevents degraded)" 1
	expect_eq "uevents 'recovered'" "$(uevents recovered)" 1
	expect_log "QID $queue: fallback poll started"
	expect_log "QID $queue: fallback poll ended"
	echo "requests a second: $healthy healthy, $polled polled"
	[ $((polled * 100 / healthy)) -ge $LEAST_PERCENT ]
}

run_test() {
	with_each_timeout attempt lose
}
