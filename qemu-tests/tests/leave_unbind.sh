# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="unbind ends in time, io_timeout at its maximum: a dropped command, a stall, a stopped poller, a backoff"
PROFILE=faults
NEEDS="CONFIG_IO_URING"
DRIVERS=nvmepp
COVERS="C5"
WHEN=all
TIMEOUT=480

# shellcheck source=../guest/leaving.sh
. /lib/leaving.sh

# What is in flight, and what has to be written back, has two timeouts, and a minute at most.
UNBIND_MS=66000

leave() {
	counters_base=
	allow_long_waits
	bounded_start unbind_device
	ended_within $UNBIND_MS
	forbid_long_waits
	load_is_over
	expect_eq "disks of a device without a driver" "$(disks)" ""
	fault clear 1
	bind_device
	find_disks
	kept_data
}

run_test() {
	# shellcheck disable=SC2086 # a list
	leave_during $SITUATIONS
}
