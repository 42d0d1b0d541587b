# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="reboot while commands are held, the shutdown is not finished, and nothing answers: in time"
PROFILE=faults
COVERS="C5 C12"
WHEN=all
TIMEOUT=60

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

run_test() {
	start_driver
	load_starts 50000
	fault cqe-hold "$FOREVER" shutdown-late 1
	until_true 5 has_struck cqe-hold 10 || fail "no command is held"
	expect_hits shutdown-late 0
	# From here on the end of this machine is the end of the test.
	echo leaving >&3
	reboot -f
}
