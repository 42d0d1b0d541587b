# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the watchdog's parameters at run time: ranges, and effect on what is in flight"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# refused FILE VALUE LINE: and the old value stays
refused() {
	old=$(cat "$1")
	! echo "$2" 2>/dev/null >"$1" || fail "$1: $2 was accepted"
	expect_eq "$1 after $2" "$(cat "$1")" "$old"
	expect_log "nvmepp: $(basename "$1")=$2: accepted .*$3"
}

accepted() {
	echo "$2" >"$1" || fail "$1: $2 was refused"
	expect_eq "$1" "$(cat "$1")" "$2"
}

run_test() {
	io_timeout=$LARGEST_TIMEOUT
	start_watching
	for value in 9 1 10001 4294967295 4294967296 -1 soon; do
		refused $PARAMETERS/lost_irq_ms $value '0 \(off\) and 10..10000'
	done
	for value in 10 10000 0 100; do
		accepted $PARAMETERS/lost_irq_ms $value
	done
	for value in 0 1001 -1 some; do
		refused $PARAMETERS/lost_irq_budget $value 'range is 1..1000'
	done
	for value in 1 1000 3; do
		accepted $PARAMETERS/lost_irq_budget $value
	done
	action=/sys/bus/pci/devices/$BDF/nvmepp/lost_irq_action
	refused "$action" pray 'off, log, restore, reset or poll'
	for value in off log restore reset poll; do
		accepted "$action" $value
	done
	! insmod /modules/nvmepp.ko lost_irq_ms=9 2>/dev/null || fail "loaded twice"

	# Switched off, a loss waits for ever; switched on, it is found although nothing else moves.
	accepted $PARAMETERS/lost_irq_ms 0
	msix "$BDF" break "$vector"
	count_writes plain
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=64k --reads=0 --no-check
	until_written plain 1
	usleep 600000
	[ ! -s /run/io.out ] || fail "found with the watchdog switched off"
	expect_queue irqdisable_polls 0
	accepted $PARAMETERS/lost_irq_ms 100
	until_true 3 test -s /run/io.out || fail "not found after the watchdog was switched on"
	io_end
	expect_good_io
	expect_queue message 1
	expect_no_reset

	# The same for the controller's own switch.
	expect_nothing_more_lost
	accepted "$action" off
	msix "$BDF" break "$vector"
	count_writes plain
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=64k --reads=0 --no-check
	until_written plain 1
	usleep 600000
	[ ! -s /run/io.out ] || fail "found with lost_irq_action=off"
	accepted "$action" poll
	until_true 3 test -s /run/io.out || fail "not found after lost_irq_action=poll"
	io_end
	expect_good_io
	expect_queue message 2
	expect_no_reset
	expect_nothing_more_lost
}
