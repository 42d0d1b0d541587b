# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="one queue's interrupts arrive at another: lost here, one too many there, no harm"
DRIVERS=nvmepp
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# CPU 1's queue rings at CPU 0's, which is idle first and busy then: a duplicate each time.
lose() {
	other=$(queue_of_cpu 1)
	msix "$BDF" copy "$vector" "$(vector_of_queue "$other")"
	expect_eq "data of the two vectors" "$(vector_state "$vector" data)" \
		"$(vector_state "$(vector_of_queue "$other")" data)"
	if [ "$1" = busy ]; then
		io --device="$DISK" --cpu=0 --depth=4 --ms=800 --length=8M --start=16M --max=16k \
			>/run/busy.out &
		busy=$!
	fi
	spurious=$(queue_value spurious "$queue")
	io_start --cpu=1 --depth=1 --count=1 --length=4M --max=64k --reads=0
	io_end
	expect_good_io
	stall_is_short || return 1
	expect_queue_at_least message 1 "$other"
	expect_queue_at_least vector_restores 1 "$other"
	expect_queue vector_restores 0
	expect_queue lost 0
	if [ "$1" = busy ]; then
		wait "$busy" || fail "the other queue's load failed: $(cat /run/busy.out)"
	else
		expect_at_least "interrupts that found nothing" \
			$(($(queue_value spurious "$queue") - spurious)) 1
	fi
	expect_no_reset
	expect_nothing_more_lost --jobs=2
}

cross() {
	for load in idle busy; do
		attempt lose "$load"
		stop_driver
	done
}

run_test() {
	with_each_timeout cross
}
