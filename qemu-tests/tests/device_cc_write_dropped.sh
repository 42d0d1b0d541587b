# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a write of CC is ignored, once: done again, no request fails"
PROFILE=faults
COVERS="C1 C5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cc-drop
# The in-tree driver loses the controller.
[ "$DRIVER" = nvmepp ] || MAY_FAIL=1

run_test() {
	at_stages probe reset suspend removal
}
