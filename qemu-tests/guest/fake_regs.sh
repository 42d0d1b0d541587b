# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# A controller whose registers are mere memory, so that they say whatever a test wants: a
# neighbour's memory BAR takes the place of the controller's BAR 0, and the other way round.

COMMAND_DECODE=0x3
BAR0=0x10
BAR2=0x18

NVME_CAP=0x0
NVME_CAP_HIGH=0x4
NVME_VS=0x8

# What QEMU's controller says, but for CAP.TO: 2 s.
GOOD_CAP=0x040107ff
GOOD_CAP_HIGH=0x00000020

# exchange OFFSET OFFSET: one register of the device and one of the memory
exchange() {
	ours=$(config "$BDF" read "$1" 4)
	theirs=$(config "$memory" read "$2" 4)
	config "$BDF" write "$1" 4 "$theirs"
	config "$memory" write "$2" 4 "$ours"
}

# Done twice, everything is as it was.
exchange_registers() {
	memory=$(pci_address registers)
	memory_decode off
	config "$memory" clear "$PCI_COMMAND" 2 $COMMAND_DECODE
	exchange $BAR0 $BAR2
	exchange $((BAR0 + 4)) $((BAR2 + 4))
	config "$memory" set "$PCI_COMMAND" 2 "$COMMAND_MEMORY"
	memory_decode on
}

# A controller that is well, disabled, and does nothing by itself.
good_registers() {
	bar "$BDF" fill 0 0x1000
	bar "$BDF" write $NVME_CAP $GOOD_CAP
	bar "$BDF" write $NVME_CAP_HIGH $GOOD_CAP_HIGH
	bar "$BDF" write $NVME_VS 0x00010400
}

not_bound() {
	[ ! -e "/sys/bus/pci/devices/$BDF/driver" ]
}

# probe_fails BOUND_MS: the driver gives the device up within this time; sets taken_ms
probe_fails() {
	started=$(now_ms)
	bind_device 2>/dev/null
	until_true $(($1 / 1000 + 10)) not_bound || fail "the driver keeps a hopeless controller"
	taken_ms=$(($(now_ms) - started))
	echo "given up after $taken_ms ms"
	expect_at_most "time until probe failed, ms" $taken_ms "$1"
	expect_eq "disks of a hopeless controller" "$(disks)" ""
}

# The real registers are back: the same device must be usable as if nothing had been.
expect_recovery() {
	exchange_registers
	bind_device
	find_disks
	expect_healthy
}
