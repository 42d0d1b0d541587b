# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="an interrupt comes before its completion, at each stage: nothing is reset"
PROFILE=faults
COVERS="D2"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=irq-early
RESETS=0

run_test() {
	at_stages probe idle load reset suspend resume removal
}
