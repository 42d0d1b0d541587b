# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="the admin queue never interrupts: polled after one reset, as fast with the watchdog off, and back"
PROFILE=faults
DRIVERS=nvmepp
TIMEOUT=90

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

io_timeout=2000
# Each costs two waits of the watchdog; a waiter that neither polls nor watches sleeps for 10 s.
SLOWEST_MS=2500

identify() {
	started=$(now_ms)
	admin_command || fail "Identify fails"
	took=$(($(now_ms) - started))
	took_ms $took
	expect_at_most "time of an admin command, ms" $took $SLOWEST_MS
}

commands_until_polled() {
	for _ in $(seq 20); do
		identify
		if is_polled admin; then
			return
		fi
	done
	fail "the admin queue is never polled"
}

run_test() {
	# By then a waiter's last poll finds it anyway.
	ADMIN_TIMEOUT_MS=10000
	start_watching
	fault queues "$(queue_bits admin)" irq-drop "$FOREVER"
	commands_until_polled
	expect_controller lost_irq_resets 1
	expect_controller reset_failures 0

	echo "--- the watchdog is switched off"
	echo 0 >$PARAMETERS/lost_irq_ms
	dropped=$(fault_hits irq-drop)
	for _ in 1 2 3; do
		identify
	done
	expect_hits_at_least irq-drop $((dropped + 3))
	expect_eq "mode" "$(queue_text mode admin)" fallback-poll

	echo "--- the interrupts come back"
	echo 100 >$PARAMETERS/lost_irq_ms
	fault irq-drop 0
	# The first 32 in a row (NPP_IRQ_GOOD_IN_A_ROW) end it.
	for _ in $(seq 40); do
		identify
	done
	expect_eq "mode" "$(queue_text mode admin)" interrupt
	expect_controller lost_irq_resets 1
	expect_nothing_more_lost
}
