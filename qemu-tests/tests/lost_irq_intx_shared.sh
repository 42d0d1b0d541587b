# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="two devices share a line, one's interrupt is masked: found, unmasked; the other never waits"
COVERS="D6 A8"
DRIVERS=nvmepp
PROFILE=intx
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

NVME_INTMS=0xc

# The driver has taken both; DISK and the rest are about the one that is called plain.
find_neighbour() {
	plain=$BDF
	BDF=$(pci_address neighbour)
	until_true 15 has_disk || fail "no disk of the neighbour"
	neighbour=/dev/$(disks)
	BDF=$plain
	expect_eq "interrupt line of both" "$(irq_of_queue 1)" "$(neighbours_irq)"
}

neighbours_irq() {
	CONTROLLER=${neighbour#/dev/} && CONTROLLER=${CONTROLLER%n*} irq_of_queue 1
}

# mute HOW: the device raises no interrupt
mute() {
	case $1 in
	command) intx off ;;
	register) bar "$BDF" write $NVME_INTMS 0xffffffff ;;
	esac
}

neighbours_load() {
	io --device="$neighbour" --cpu=0 --depth=4 --ms="$1" --length=16M --max=64k \
		>/run/neighbour.out &
	load=$!
}

neighbour_was_not_held_up() {
	wait "$load" || fail "the neighbour's load failed: $(cat /run/neighbour.out)"
	cp /run/neighbour.out /run/io.out
	io_result
	expect_good_io
	echo "the neighbour's longest request: $io_longest_ms ms"
	[ "$io_longest_ms" -le $((STALL_MS + io_late_ms)) ]
}

# While the neighbour is idle no handler runs for the device.
lose_by() {
	lost=$(queue_value lost 1)
	mute "$1"
	io_start --cpu=0 --depth=4 --count=4 --length=8M --max=64k --reads=0 --no-check
	io_end
	expect_good_io
	echo "muted by $1: $io_longest_ms ms"
	expect_at_least "lost, muted by $1" $(($(queue_value lost 1) - lost)) 1
	expect_eq "COMMAND.DisINTx" "$(($(config "$BDF" read "$PCI_COMMAND" 2) & COMMAND_DISABLE_INTX))" 0
	[ "$io_longest_ms" -le $((STALL_MS + io_late_ms)) ]
}

lose() {
	find_neighbour
	# No reset: QEMU keeps the pin asserted over one that comes before a completion was taken.
	echo 1000 >$PARAMETERS/lost_irq_budget
	for way in command register; do
		lose_by "$way" || return 1
		expect_nothing_more_lost
	done
	expect_queue_at_least masked 2 1
	expect_queue vector_restores 2 1
	expect_no_reset

	# A busy neighbour's interrupts run both handlers, or the driver polls meanwhile.
	neighbours_load 900
	mute command
	io_run --cpu=1 --depth=4 --count=30 --length=8M --max=64k
	neighbour_was_not_held_up || return 1
	expect_no_reset
	! test_log | grep -q "Disabling IRQ" || fail "the kernel has disabled the line"
	intx on
	neighbours_load 300
	expect_nothing_more_lost
	neighbour_was_not_held_up
}

run_test() {
	echo >"/sys/bus/pci/devices/$(pci_address neighbour)/driver_override"
	with_each_timeout attempt lose
}
