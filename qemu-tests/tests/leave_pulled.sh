# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="surprise removal ends in time, io_timeout at its maximum: a dropped command, a stall, a stopped poller, a backoff"
PROFILE=faults
DEVICE=hot
NEEDS="CONFIG_IO_URING"
DRIVERS=nvmepp
COVERS="C5"
WHEN=all
TIMEOUT=450

# shellcheck source=../guest/leaving.sh
. /lib/leaving.sh
# shellcheck source=../guest/hotplug.sh
. /lib/hotplug.sh

# Nothing of it can be waited for.
PULLED_MS=15000

leave() {
	counters_base=
	fault gone 1
	started=$(now_ms)
	pull
	expect_at_most "time of the removal, ms" $(($(now_ms) - started)) $PULLED_MS
	load_is_over
	expect_eq "disks of a device that is gone" "$(disks)" ""
	plug_in
	find_disks
	expect_healthy
	rm -f /run/kept.state*
}

run_test() {
	# shellcheck disable=SC2086 # a list
	leave_during $SITUATIONS
}
