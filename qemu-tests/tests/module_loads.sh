# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="the module loads, its sections are in sysfs, a disk answers, and it unloads"
DRIVERS=nvmepp
TIMEOUT=60

run_test() {
	start_driver
	[ -e /sys/module/nvmepp/sections/.text ] || fail "sysfs has no sections of the module"
	dd "if=$DISK" of=/dev/null bs=4k count=1 2>/dev/null || fail "the first block cannot be read"
	stop_driver
	[ ! -e /sys/module/nvmepp ] || fail "it is still there"
}
