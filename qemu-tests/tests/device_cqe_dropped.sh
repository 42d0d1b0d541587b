# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a command is executed and never completed, at each stage: one reset, data right"
PROFILE=faults
COVERS="C1 C3"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-drop

run_test() {
	at_stages probe idle load reset suspend resume removal
}
