# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="two controllers of one subsystem share it, and the last one takes it along"
DRIVERS=nvmepp
PROFILE=pair
DEVICE=managed
TIMEOUT=60

SUBSYSTEMS=/sys/class/nvmepp-subsystem

# members: the controllers of each subsystem there is
members() {
	for subsystem in "$SUBSYSTEMS"/*; do
		[ ! -e "$subsystem" ] || for link in "$subsystem"/nvme*; do
			[ ! -e "$link" ] || basename "$link"
		done
	done | xargs
}

subsystems() {
	for subsystem in "$SUBSYSTEMS"/*; do
		[ ! -e "$subsystem" ] || basename "$subsystem"
	done | xargs
}

is_described() {
	at=$SUBSYSTEMS/nvme-subsys64
	expect_eq "its name" "$(cat "$at/subsysnqn")" nqn.2019-08.org.qemu:pair
	expect_eq "its model" "$(cat "$at/model")X" "$(printf '%-40sX' 'QEMU NVMe Ctrl')"
	expect_eq "its firmware" "$(cat "$at/firmware_rev")X" \
		"$(cat /sys/class/*/nvme65/firmware_rev)X"
	expect_eq "its serial number" "$(cat "$at/serial")X" "$(printf '%-20sX' pair)"
}

has_members() {
	[ "$(members)" = "$*" ]
}

# neighbour: the PCI address of the subsystem's other controller
neighbour() {
	for device in /sys/bus/pci/drivers/nvmepp/0000:*; do
		[ "${device##*/}" = "$BDF" ] || basename "$device"
	done
}

run_test() {
	for each in /sys/bus/pci/devices/*; do
		[ "$(cat "$each/class")" != 0x010802 ] || echo >"$each/driver_override"
	done
	start_driver
	# One after the other: who comes first has named it.
	other=$(neighbour)
	for each in "$other" "$BDF"; do
		echo "$each" >"/sys/bus/pci/drivers/nvmepp/unbind"
	done
	for each in "$BDF" "$other"; do
		echo "$each" >/sys/bus/pci/drivers/nvmepp/bind
	done
	find_disks
	until_true 5 has_members nvme64 nvme65 || fail "members: $(members) of $(subsystems)"
	expect_eq "subsystems" "$(subsystems)" nvme-subsys64
	is_described
	other=$(neighbour)

	# The one that named it leaves first
	first=$BDF
	[ "$CONTROLLER" = nvme64 ] || first=$other
	echo "$first" >"/sys/bus/pci/drivers/nvmepp/unbind"
	expect_eq "members without the first" "$(members)" nvme65
	expect_eq "subsystems" "$(subsystems)" nvme-subsys64
	is_described
	echo "$first" >/sys/bus/pci/drivers/nvmepp/bind
	until_true 5 has_members nvme64 nvme65 || fail "members: $(members) of $(subsystems)"

	for each in "$other" "$BDF"; do
		echo "$each" >/sys/bus/pci/drivers/nvmepp/unbind
	done
	expect_eq "members" "$(members)" ""
	expect_eq "subsystems" "$(subsystems)" ""
	for each in "$other" "$BDF"; do
		echo "$each" >/sys/bus/pci/drivers/nvmepp/bind
	done
	until_true 5 has_members nvme64 nvme65 || fail "members: $(members) of $(subsystems)"
	expect_eq "subsystems" "$(subsystems)" nvme-subsys64
	find_disks
	io_run --depth=4 --count=50 --length=4M --max=16k
}
