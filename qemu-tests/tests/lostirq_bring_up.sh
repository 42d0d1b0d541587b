# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="admin interrupts are lost while a device is bound, and while it is reset"
DRIVERS=nvmepp
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# Each admin command costs two waits of the watchdog; there are about ten of them.
MOST_MS=6000

timed() {
	started=$(now_ms)
	"$@" || fail "$* failed"
	echo "$*: $(($(now_ms) - started)) ms"
	expect_at_most "time of $*, ms" $(($(now_ms) - started)) $MOST_MS
}

bind_and_wait() {
	bind_device
	find_disks
}

lose() {
	echo none >"/sys/bus/pci/devices/$BDF/driver_override"
	driver_insert lost_irq_ms=100 lost_irq_action=poll io_timeout_ms="$io_timeout" ||
		fail "the driver cannot be loaded"
	offer_device
	hold 0 hold-tight
	timed bind_and_wait
	queue=$(queue_of_cpu 0)
	bound=$(queue_value lost admin)
	expect_at_least "admin commands that a look completed" "$bound" 3
	expect_controller reset_failures 0
	expect_controller state live

	# On a busy host the breaker may be late for a whole reset.
	for _ in $(seq $ATTEMPTS); do
		timed reset_controller
		[ "$(queue_value lost admin)" = "$bound" ] || break
	done
	release
	msix "$BDF" restore 0
	expect_at_least "of the reset" "$(queue_value lost admin)" $((bound + 1))
	expect_controller reset_failures 0
	expect_controller state live
	# The one that the ladder has, once the device is live.
	expect_at_most "resets for lost interrupts" "$(controller_value loss_resets)" 1
	expect_nothing_more_lost --jobs=2
	admin_command || fail "Identify fails after the fault"
	expect_controller reset_failures 0
}

run_test() {
	with_each_timeout lose
}
