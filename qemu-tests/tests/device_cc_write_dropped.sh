# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a write of CC is ignored: given up in time, or done again"
PROFILE=faults
COVERS="C1 C5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cc-drop
MAY_FAIL=1

run_test() {
	at_stages probe reset suspend removal
}
