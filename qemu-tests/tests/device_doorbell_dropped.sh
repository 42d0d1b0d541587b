# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a doorbell is ignored, at each stage: one reset at most, data right"
PROFILE=faults
COVERS="C10"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=doorbell-drop

run_test() {
	at_stages probe idle load reset suspend resume removal
}
