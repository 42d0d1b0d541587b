# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="each register read of a reset is all-ones, three times in a row: the disk serves, no request fails"
PROFILE=faults
COVERS="C5 C7"
WHEN=all
TIMEOUT=900

# shellcheck source=../guest/sweep.sh
. /lib/sweep.sh

run_test() {
	sweep_registers 3
}
