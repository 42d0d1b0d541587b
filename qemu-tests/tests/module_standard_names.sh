# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="standard_names=1: the classes that tools read; refused in one line beside nvme_core"
DRIVERS=nvmepp
TIMEOUT=60

# classes: of the controller, the generic node, the subsystem
classes() {
	for node in "$CONTROLLER" "ng${DISK#/dev/nvme}" "nvme-subsys${CONTROLLER#nvme}"; do
		for class in /sys/class/*/"$node"; do
			basename "$(dirname "$class")"
		done
	done | xargs
}

no_class_is_left() {
	for class in nvme nvme-generic nvme-subsystem; do
		[ ! -e "/sys/class/$class" ] || fail "the class $class is left behind"
	done
}

# As nvme-cli finds its way: from a subsystem to its controllers, and to their disks
is_listed() {
	at=$(echo /sys/class/nvme-subsystem/nvme-subsys*)
	expect_eq "subsystems" "${at##*/}" "nvme-subsys${CONTROLLER#nvme}"
	expect_eq "its name" "$(cat "$at/subsysnqn")" "$(cat "$at/$CONTROLLER/subsysnqn")"
	expect_eq "its type" "$(cat "$at/subsystype")" nvm
	for attribute in model serial firmware_rev; do
		expect_eq "its $attribute" "$(cat "$at/$attribute")X" \
			"$(cat "$at/$CONTROLLER/$attribute")X"
	done
	expect_eq "the controller's address" "$(cat "$at/$CONTROLLER/address")" "$BDF"
	[ -e "$at/$CONTROLLER/${DISK#/dev/}/nsid" ] || fail "the disk is not among its controller's"
	grep -qx NVME_TRTYPE=pcie "/sys/class/nvme/$CONTROLLER/uevent" ||
		fail "events do not name the transport"
}

run_test() {
	start_driver
	expect_eq "classes by default" "$(classes)" \
		"nvmepp-controller nvmepp-generic nvmepp-subsystem"
	no_class_is_left
	stop_driver

	start_driver standard_names=1 instance_base=0
	expect_eq "classes" "$(classes)" "nvme nvme-generic nvme-subsystem"
	expect_eq "the disk" "$DISK" /dev/nvme0n1
	is_listed
	io_run --depth=4 --count=50 --length=4M --max=16k
	reset_controller
	until_true 5 controller_live || fail "not live after the reset"
	is_listed
	stop_driver
	no_class_is_left

	# The names have an owner as soon as nvme_core is loaded
	insmod /modules/nvme-core.ko multipath=N
	! insmod /modules/nvmepp.ko standard_names=1 2>/dev/null ||
		fail "standard_names=1 was accepted beside nvme_core"
	expect_log "nvmepp: standard_names=1: the names are nvme_core's"
	start_driver
	expect_eq "classes beside nvme_core" "$(classes)" \
		"nvmepp-controller nvmepp-generic nvmepp-subsystem"
	rmmod nvme_core || fail "nvme_core is in use"
	! insmod /modules/nvmepp.ko standard_names=maybe 2>/dev/null ||
		fail "standard_names=maybe was accepted"
	expect_healthy
}
