# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="a vector that breaks again as soon as it is restored: exactly one reset, which heals"
COVERS="A2 D3"
DRIVERS=nvmepp
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

lose() {
	start_watching
	# The fault ends with the reset, before the new vectors are tested.
	hold_until_changed "$vector" "/sys/bus/pci/devices/$BDF/nvmepp/lost_irq_resets"
	io_start --cpu=0 --depth=4 --ms=1500 --length=8M --max=64k
	io_end
	expect_good_io
	wait_released
	# Two or three waits for the watchdog, and the reset.
	expect_at_most "longest request, ms" "$io_longest_ms" 1400
	expect_at_least "requests served after the reset" "$io_ios" 50

	expect_queue_at_least vector_restores 1
	expect_queue_at_least message 2
	expect_controller resets 1
	expect_controller lost_irq_resets 1
	expect_controller reset_failures 0
	! is_polled "$queue" || fail "queue $queue is polled after a reset that has healed it"
	! is_broken "$vector" || fail "the vector is still broken"
	expect_nothing_more_lost
	expect_controller resets 1
}

run_test() {
	with_each_timeout lose
}
