# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="an interrupt whose completion an earlier run of the handler took is not spurious"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=60

LATE_MS=1500
# As many as the driver takes for late ones at most.
MAX_IRQS_DUE=2
RAISED=8

one_request() {
	io_run --cpu=0 --depth=1 --count=1 --length=1M --max=4k --reads=0 --no-check
}

spurious() {
	queue_value spurious "$queue"
}

run_test() {
	start_driver
	queue=$(queue_of_cpu 0)
	before=$(spurious)

	echo "--- the first message comes when two others have had their completions taken"
	fault queues "$(queue_bits "$queue")" irq-late-ms $LATE_MS irq-late 1
	io_start --cpu=0 --depth=1 --count=1 --start=8M --length=1M --max=4k --reads=0 --no-check
	until_true 5 has_struck irq-late || fail "no interrupt is late"
	one_request
	one_request
	wait "$io_pid"
	interrupts=$(queue_value interrupts "$queue")
	usleep $((LATE_MS * 1000))
	expect_hits irq-late 1
	expect_eq "interrupts that came late" $(($(queue_value interrupts "$queue") - interrupts)) 1
	expect_eq "spurious interrupts" $(($(spurious) - before)) 0

	echo "--- interrupts for nothing, after many completions that came together"
	io_run --cpu=0 --depth=32 --count=320 --length=8M --max=16k --reads=0 --no-check
	before=$(spurious)
	for _ in $(seq $RAISED); do
		fault irq-raise $(($(vector_of_queue "$queue") + 1))
		usleep 50000
	done
	expect_at_least "spurious interrupts" $(($(spurious) - before)) $((RAISED - MAX_IRQS_DUE))
	expect_at_most "spurious interrupts" $(($(spurious) - before)) $RAISED
	expect_resets 0
}
