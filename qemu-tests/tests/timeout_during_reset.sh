# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a reset comes while a timeout polls: the interrupt that is enabled is the one disabled"
COVERS="A2"
HELPERS=window
NEEDS="CONFIG_KRETPROBES"
TIMEOUT=90

# shellcheck source=../guest/window.sh
. /lib/window.sh

ROUNDS=3
# The reset sends commands to delete the queues, whose completions nothing announces now: it waits a
# timeout for them before it frees the vectors.
ADMIN_TIMEOUT_MS=1000
HELD_MS=4000

# What sysfs shows while MSI-X is in use is the pin's interrupt.
pin_irq() {
	cat "/sys/bus/pci/devices/$BDF/irq"
}

lost_admin_command() {
	msix "$BDF" break 0
	admin_command >/run/identify.out 2>&1 &
	command=$!
}

vectors_in_use() {
	grep -c " ${CONTROLLER}q[0-9]*$" /proc/interrupts
}

# The poll has disabled the vector of the admin queue and is going to enable it again. In between a
# reset frees all vectors; nvmepp's reset waits for the poll instead.
round() {
	widen at=disable_irq after=1 ms=$HELD_MS line="$pin"
	lost_admin_command
	until_true 10 is_waiting || fail "no timeout has polled within 10 s"
	reset_controller &
	reset=$!
	usleep $((HELD_MS * 800))
	is_waiting || fail "the poll ended before the reset had time to come"
	left=$(vectors_in_use)
	echo "round $number: the poll is held up, $left of $vectors vectors are in use"
	[ "$DRIVER" != nvmepp ] || expect_eq "vectors while the queue is polled" "$left" "$vectors"
	[ "$DRIVER" = nvmepp ] || expect_eq "vectors after the reset" "$left" 0
	wait $reset || fail "the reset failed"
	# the reset may have cancelled it
	wait $command || :
	close_window
	until_true 10 controller_live || fail "the controller is not live again"
}

run_test() {
	start_driver
	# another device on the pin's line: the kernel warns when it is enabled once too often
	pin=$(pin_irq)
	vectors=$(vectors_in_use)
	for number in $(seq $ROUNDS); do
		round
		expect_healthy
	done
}
