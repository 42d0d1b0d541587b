# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="one interrupt is dropped, at each stage: a poll completes the request, nothing is reset"
PROFILE=faults
COVERS="C7 D3"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=irq-drop
RESETS=0

run_test() {
	at_stages probe idle load reset suspend resume removal
}
