# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="one interrupt lost, with 1 and with 32 requests in flight: a stall of 0.25 s at most"
COVERS="D3"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# The watchdog must not restore the vector before the device has written everything.
WATCH_MS=100

# lose_one DEPTH: so many requests complete while the vector is broken, and then it works again
lose_one() {
	seen=$(interrupts_seen "$queue")
	count_writes plain
	msix "$BDF" break "$vector"
	io_start --cpu=0 --depth="$1" --count="$1" --length=32M --min=4k --max=4k --reads=0
	until_written plain "$1"
	now=$(interrupts_seen "$queue")
	was_broken=false
	! is_broken "$vector" || was_broken=true
	msix "$BDF" restore "$vector"
	io_end
	expect_good_io
	stall_is_short && $was_broken || return 1

	expect_eq "interrupts while it was broken" "$now" "$seen"
	expect_lost 1
	# What is read back may complete while the vector is being restored: one loss, one command more.
	! watching || [ "$(queue_value lost "$queue")" -le "$1" ] || return 1
	expect_queue lost "$1"
	# A poll before the vector was restored gives another kind.
	! watching || [ "$(queue_value silent "$queue")" = "$1" ] || return 1
	expect_queue vector_restores 1
	expect_no_reset
	expect_nothing_more_lost
}

lose() {
	for depth in 1 32; do
		attempt lose_one $depth
		stop_driver
	done
}

run_test() {
	with_each_timeout lose
}
