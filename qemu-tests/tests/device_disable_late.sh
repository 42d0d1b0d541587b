# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="does not get disabled in time, once: no memory is freed under it, no request fails"
PROFILE=faults
COVERS="C1"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=disable-late
# The in-tree driver loses the controller.
[ "$DRIVER" = nvmepp ] || MAY_FAIL=1

run_test() {
	at_stages reset suspend removal
}
