# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="reboot ends in time, io_timeout at its maximum, during a stopped poller"
PROFILE=faults
NEEDS="CONFIG_IO_URING"
DRIVERS=nvmepp
COVERS="C5"
WHEN=all
TIMEOUT=200

# shellcheck source=../guest/leaving.sh
. /lib/leaving.sh

run_test() {
	start_to_leave poll_queues=1
	poller_stopped
	reboot_within $LEAVE_MS
}
