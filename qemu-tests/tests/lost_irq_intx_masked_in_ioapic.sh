# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2119,SC2154
DESCRIPTION="INTx asserted and unheard, masked in the I/O APIC: named so, healed, no reset"
PROFILE=intx
NEEDS=CONFIG_X86
TIMEOUT=60

# shellcheck source=../guest/lostirq.sh
. /lib/lostirq.sh

# The input of the I/O APIC that the device's interrupt is on.
input_of_line() {
	awk -v "irq=$(irq_of_queue "$queue"):" '$1 == irq {
		for (i = 2; i <= NF; i++) if ($i ~ /-fasteoi$/) { sub("-.*", "", $i); print $i }
	}' /proc/interrupts
}

line() {
	ioapic "$input" "$1"
}

lose() {
	input=$(input_of_line)
	[ -n "$input" ] || fail "the interrupt is on no input of the I/O APIC"
	line mask
	expect_eq "the line" "$(line show)" masked=1
	count_writes plain
	io_start --cpu=0 --depth=1 --count=1 --length=4M --max=4k --reads=0 --no-check
	until_written plain 1
	status=$(config "$BDF" read 6 2)
	io_end
	expect_good_io
	stall_is_short || return 1
	# The watchdog may be faster than a poll at the device's configuration space.
	watching || [ $((status & STATUS_INTX)) != 0 ] || fail "the device asserts no interrupt"

	expect_lost 1
	expect_queue lost 1
	expect_queue intx 1
	! watching || expect_eq "the line" "$(line show)" masked=0
	! watching || expect_log "QID $queue: lost interrupt \(intx\)"
	expect_no_reset
}

heal() {
	attempt lose
	watching || line unmask
	expect_nothing_more_lost
	expect_no_reset
}

run_test() {
	with_each_timeout heal
}
