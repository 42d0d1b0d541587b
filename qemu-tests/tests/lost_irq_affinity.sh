# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the interrupt moves between CPUs in a loop while its vector is broken and restored"
COVERS="D5"
DEVICE=onevector
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# Interrupts that the kernel spreads itself refuse to be moved; a device with a single vector has
# none of those.
move() {
	while :; do
		for mask in 1 2; do
			echo $mask >"/proc/irq/$irq/smp_affinity" 2>/dev/null && echo moved
		done
	done
}

lose() {
	start_watching lost_irq_budget=1000
	irq=$(irq_of_queue "$queue")
	move >/run/moved &
	mover=$!
	io_start --jobs=2 --depth=4 --ms=$((2500 * SLOWNESS)) --length=16M --max=64k
	for _ in 1 2 3 4; do
		usleep 350000
		msix "$BDF" break "$vector"
	done
	io_end
	kill $mover
	wait $mover
	expect_good_io
	expect_at_least "moves" "$(wc -l </run/moved)" 50
	watching || {
		# Each move writes the vector's message anew, which mends it; if not, a timeout waits.
		expect_at_most "longest request, ms" "$io_longest_ms" $((2 * TIMEOUT_MS))
		msix "$BDF" restore "$vector"
		return
	}
	expect_at_most "longest request, ms" "$io_longest_ms" 1400
	echo "moved $(wc -l </run/moved) times, lost $(queue_value lost), restored $(queue_value vector_restores)"
	! is_broken "$vector" || fail "the vector is still broken"
	expect_controller reset_failures 0
	expect_nothing_more_lost --jobs=2
}

run_test() {
	# An interrupt of a queue that has a CPU of its own stays where it is.
	use_device plain
	io_timeout=2000
	start_watching
	! echo 2 >"/proc/irq/$(irq_of_queue "$queue")/smp_affinity" 2>/dev/null ||
		fail "a managed interrupt was moved"
	stop_driver
	use_device onevector
	with_each_timeout lose
}
