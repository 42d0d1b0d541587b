# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a namespace that says it is write protected is a read-only disk, from the scan on and until it says otherwise"
PROFILE=faults
TIMEOUT=60

# shellcheck source=../guest/ioctls.sh
. /lib/ioctls.sh

# Identify Namespace, NSATTR: NVM command set, figure 97
NSATTR=99

# becomes 1|0: the disk's ro after a scan, or after the driver's next probe
becomes() {
	until_true 10 is_ro "$1" || fail "ro is $(cat "/sys/block/${DISK#/dev/}/ro"), expected $1"
}

is_ro() {
	[ "$(cat "/sys/block/${DISK#/dev/}/ro")" = "$1" ]
}

writes() {
	dd if=/dev/zero of="$DISK" bs=4k count=1 oflag=direct conv=notrunc 2>/dev/null
}

reads() {
	dd if="$DISK" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null || fail "a read fails"
}

run_test() {
	start_driver
	becomes 0
	writes || fail "a write fails"
	poke ns $NSATTR 1 1
	status 0 "$CONTROLLER" rescan
	becomes 1
	! writes || fail "a write succeeds"
	reads
	unbind_device
	bind_device
	find_disks
	is_ro 1 || fail "the new disk is not read-only from the start"
	! writes || fail "a write to a new disk succeeds"
	reads
	fault unpoke 1
	status 0 "$CONTROLLER" rescan
	becomes 0
	expect_healthy
	expect_resets 0
	proved 1
}
