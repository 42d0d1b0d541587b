# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="what tools read in sysfs of a controller and a namespace: upstream's names and formats"
TIMEOUT=60

# The controller's folder, and the disk's: a disk's parent is its controller.
controller_value_of() {
	cat "/sys/block/$NAME/device/$1"
}

value_of() {
	cat "/sys/block/$NAME/$1"
}

has_no() {
	for attribute; do
		[ ! -e "/sys/block/$NAME/$attribute" ] || fail "there is $attribute: $(value_of "$attribute")"
	done
}

expect_value() {
	expect_eq "$1" "$(controller_value_of "$1")X" "$2X"
}

hex_of() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# A kernel without NUMA does not show it of a PCI device, and means none.
numa_node() {
	cat "/sys/bus/pci/devices/$BDF/numa_node" 2>/dev/null || echo -1
}

# What upstream says of QEMU's device, blanks included.
controller_is_described() {
	expect_value model "$(printf '%-40s' 'QEMU NVMe Ctrl')"
	expect_value serial "$(printf '%-20s' plain)"
	expect_value firmware_rev "$(printf '%-8s' "$(qemu_version)")"
	expect_value cntlid 0
	expect_value numa_node "$(numa_node)"
	expect_value queue_count $(($(nproc) + 1))
	expect_value state live
	expect_value transport pcie
	expect_value address "$BDF"
	expect_value cntrltype io
	expect_value subsysnqn nqn.2019-08.org.qemu:plain
	expect_value sqsize 1023
	major=$(stat -c 0x%t "/dev/$CONTROLLER")
	minor=$(stat -c 0x%T "/dev/$CONTROLLER")
	expect_eq "the node's number" "$(controller_value_of dev)" "$((major)):$((minor))"
}

qemu_version() {
	qmp '{"execute": "query-version"}' |
		sed 's/.*"micro": *\([0-9]*\), *"minor": *\([0-9]*\), *"major": *\([0-9]*\).*/\3.\2.\1/'
}

# QEMU's identifiers are known to be bogus: what is left is a name by the model.
namespace_is_described() {
	expect_eq nsid "$(value_of nsid)" 1
	expect_eq wwid "$(value_of wwid)" \
		"nvme.1b36-$(hex_of plain)-$(hex_of 'QEMU NVMe Ctrl')-00000001"
	has_no uuid nguid eui
	[ -e "/sys/block/$NAME/csi" ] || [ "$DRIVER" = nvme ] || fail "there is no csi"
	[ -e "/sys/block/$NAME/csi" ] || return 0
	expect_eq csi "$(value_of csi)" 0
	expect_eq metadata_bytes "$(value_of metadata_bytes)" 0
	expect_eq nuse "$(value_of nuse)" $((64 * 2048))
}

# write_attribute NAME VALUE: true if the controller's attribute took it
write_attribute() {
	echo "$2" 2>/dev/null >"/sys/block/$NAME/device/$1"
}

run_test() {
	start_driver
	NAME=${DISK#/dev/}
	controller_is_described
	namespace_is_described
	[ "$DRIVER" = nvmepp ] || return 0

	expect_eq "modes" "$(stat -c %a "/sys/block/$NAME/device/reset_controller" \
		"/sys/block/$NAME/device/rescan_controller" | tr '\n' ' ')" "200 200 "
	for bad in 0 2 -1 yes "" 1x; do
		! write_attribute reset_controller "$bad" || fail "reset_controller took '$bad'"
		! write_attribute rescan_controller "$bad" || fail "rescan_controller took '$bad'"
	done
	expect_log 'reset_controller=yes: accepted is 1$'
	expect_resets 0
	write_attribute rescan_controller 1 || fail "no rescan"
	write_attribute reset_controller 1 || fail "no reset"
	until_true 5 controller_live || fail "not live after the reset"
	expect_resets 1
	controller_is_described
	namespace_is_described
	expect_healthy
}
