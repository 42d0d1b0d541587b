# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="in an initramfs the listed devices go to nvmepp, the others to nvme, which has all without the module"
PROFILE=demo
DEVICE=none
DRIVERS=nvmepp
TIMEOUT=60
WHEN=all

MODULES=/lib/modules/$(uname -r)

# has BDF DRIVER: soon, since nvme probes when it likes
has() {
	BDF=$1
	until_true 15 is_bound_to "$2" || fail "$1 is with '$(bound_driver)', expected '$2'"
}

is_bound_to() {
	[ "$(bound_driver)" = "$1" ]
}

free() {
	BDF=$1
	expect_eq "driver of $1" "$(bound_driver)" ""
}

insert_reference() {
	insmod /modules/nvme-core.ko multipath=N
	insmod /modules/nvme.ko
}

run_test() {
	first=$(pci_address first)
	second=$(pci_address second)
	mkdir -p /etc/nvmepp "$MODULES"
	rm -f "$MODULES"/*
	echo "$first" >/etc/nvmepp/boot

	# the module was not built for this kernel
	sh /tools/bind-at-boot
	free "$first"
	insert_reference
	has "$first" nvme
	has "$second" nvme
	expect_log "nvmepp: at boot: $first is left to nvme"

	# nvme was there before
	cp /modules/nvmepp.ko "$MODULES"
	depmod
	sh /tools/bind-at-boot
	has "$first" nvmepp
	has "$second" nvme
	rmmod nvmepp nvme nvme_core

	# as it should be: before any driver
	sh /tools/bind-at-boot
	has "$first" nvmepp
	free "$second"
	insert_reference
	has "$second" nvme
	has "$first" nvmepp
	rmmod nvmepp nvme nvme_core

	echo all >/etc/nvmepp/boot
	sh /tools/bind-at-boot
	has "$first" nvmepp
	has "$second" nvmepp
}
