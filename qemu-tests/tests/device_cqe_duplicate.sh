# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="completions come twice, at each stage: each request ends once"
PROFILE=faults
COVERS="B1"
WHEN=all
TIMEOUT=240

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-dup
RESETS=0

strike() {
	fault one-in "$one_in" cqe-dup "$FOREVER"
}

run_test() {
	one_in=1
	at_stages probe idle suspend resume
	one_in=5
	at_stages load reset removal
}
