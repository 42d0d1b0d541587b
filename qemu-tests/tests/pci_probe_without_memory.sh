# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each allocation of probe fails in turn: a clean error or a working device"
DRIVERS=nvmepp
NEEDS="CONFIG_FAILSLAB CONFIG_FAIL_PAGE_ALLOC"
TIMEOUT=300

# shellcheck source=../guest/alloc_faults.sh
. /lib/alloc_faults.sh

MOST=2000
PROBE=/sys/bus/pci/drivers_probe

is_bound() {
	[ -e "/sys/bus/pci/devices/$BDF/driver" ]
}

# What has come up without all that it asked for serves I/O, where it has a disk.
serves() {
	[ "$(controller_value io_queues)" -ge "$all_queues" ] || fewer=$((fewer + 1))
	disk=$(disks | head -n 1)
	[ -n "$disk" ] || return 0
	dd if="/dev/$disk" of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null ||
		fail "after failure $n /dev/$disk cannot be read"
	served=$((served + 1))
}

run_test() {
	load_for_alloc_faults
	bind_device
	all_queues=$(controller_value io_queues)
	expect_at_least "I/O queues without a failure" "$all_queues" 2
	unbind_device
	alloc_faults_prepare
	fewer=0
	bound=0
	unbound=0
	served=0
	n=1
	while with_nth_fault $n self $PROBE "$BDF"; do
		if is_bound; then
			bound=$((bound + 1))
			serves
			unbind_device
		else
			unbound=$((unbound + 1))
		fi
		[ -z "$(disks)" ] || fail "failure $n left disks behind: $(disks)"
		n=$((n + 1))
		[ $n -le $MOST ] || fail "still failing after $MOST allocations"
	done
	echo "$injections allocations failed: $unbound times no device, $bound times one, read from $served times"
	expect_at_least "devices that were read from" $served 1
	expect_at_least "devices with fewer queues for lack of memory" $fewer 4
	expect_log "no memory for I/O queue 2: it does with 1"
	expect_at_least "allocations that failed" $injections 11
	expect_at_least "probes that failed" $unbound 11

	is_bound || bind_device
	find_disks
	expect_healthy
}
