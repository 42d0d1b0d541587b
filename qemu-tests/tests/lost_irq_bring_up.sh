# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="admin interrupts are lost while a device is bound, and while it is reset"
COVERS="C7 C9"
PROFILE=faults
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
	load_without_device lost_irq_ms=16 lost_irq_action=poll io_timeout_ms="$io_timeout"
	fault clear 1 queues "$(queue_bits admin)" irq-drop "$FOREVER"
	timed bind_and_wait
	queue=$(queue_of_cpu 0)
	bound=$(queue_value lost admin)
	expect_at_least "admin commands that a poll completed" "$bound" 3
	expect_hits_at_least irq-drop "$bound"
	expect_controller reset_failures 0
	expect_controller state live

	dropped=$(fault_hits irq-drop)
	timed reset_controller
	expect_hits_at_least irq-drop $((dropped + 3))
	# The namespaces are read again by themselves after a reset: that has lost some, too.
	echo 1 >"/sys/block/${DISK#/dev/}/device/rescan_controller"
	fault irq-drop 0
	expect_at_least "of the reset" "$(queue_value lost admin)" $((bound + 3))
	expect_controller reset_failures 0
	expect_controller state live
	# The one that the escalation has, once the device is live.
	expect_at_most "resets for lost interrupts" "$(controller_value lost_irq_resets)" 1
	expect_nothing_more_lost --jobs=2
	admin_command || fail "Identify fails after the fault"
	expect_controller reset_failures 0
}

run_test() {
	with_each_timeout lose
}
