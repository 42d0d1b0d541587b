# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a completion has the old phase, at each stage: one reset, data right"
PROFILE=faults
COVERS="B5"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-phase

run_test() {
	at_stages probe idle load reset suspend resume removal
}
