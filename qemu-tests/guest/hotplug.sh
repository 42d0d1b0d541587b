# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# Pulling a device out of its slot and putting it back, by the host.

unplugged() {
	[ ! -e "/sys/bus/pci/devices/$BDF" ]
}

plugged() {
	[ -n "$(pci_address hot)" ]
}

# pull: the host asks the guest to let the device go, and takes it
pull() {
	qmp '{"execute": "device_del", "arguments": {"id": "hot"}}'
	until_true 20 unplugged || fail "the device is still there"
}

unplug_during_io() {
	start_driver
	under_load --jobs=2 --depth=8 --ms=25000 --length=16M --max=64k --no-check
	keep_counters
	pull
	until_true 10 test -s /run/io.out || fail "requests hang"
	io_end
	expect_at_least "good requests" "$io_ios" 10
	expect_at_least "failed requests" "$io_errors" 1
	expect_eq "blocks with wrong data" "$io_mismatches" 0
	expect_eq "disks of a device that is gone" "$(disks)" ""
	driver_remove || fail "the driver cannot be removed"
}

plug_in() {
	device='"driver": "nvme", "id": "hot", "bus": "port-hot", "drive": "hot", "serial": "hot"'
	# QEMU needs a while to be through with the old one.
	until_true 10 ask "qmp {\"execute\": \"device_add\", \"arguments\": {$device}}" ||
		fail "the device cannot be plugged in"
	until_true 20 plugged || fail "the device does not come back"
	BDF=$(pci_address hot)
}

plug_in_again() {
	plug_in
	start_driver
	expect_healthy
}
