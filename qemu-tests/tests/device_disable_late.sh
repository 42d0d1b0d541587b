# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="does not get disabled in time: no memory is freed under it"
PROFILE=faults
COVERS="C1"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=disable-late
MAY_FAIL=1

run_test() {
	at_stages reset suspend removal
}
