# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="not ready in time after it was enabled, once: enabled again, no request fails"
PROFILE=faults
COVERS="C5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=enable-late
# The in-tree driver loses the controller.
[ "$DRIVER" = nvmepp ] || MAY_FAIL=1

run_test() {
	at_stages probe reset resume
}
