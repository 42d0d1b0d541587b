# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="every admin command takes 300 ms, at each stage: nothing fails"
PROFILE=faults
COVERS="C9"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-hold
RESETS=0

strike() {
	fault queues "$(queue_bits admin)" cqe-hold-ms 300 cqe-hold "$FOREVER"
}

run_test() {
	at_stages probe reset suspend resume
}
