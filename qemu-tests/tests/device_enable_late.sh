# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="ready a second late: nothing fails"
PROFILE=faults
COVERS="C4"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=enable-late
RESETS=1

strike() {
	fault ready-late-ms 1000 enable-late 1
}

run_test() {
	at_stages probe reset resume
}
