# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a completion is later than the timeout, at each stage: one reset, it completes once"
PROFILE=faults
COVERS="A6 C1"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-hold

strike() {
	fault cqe-hold-ms 3500 cqe-hold 1
}

run_test() {
	at_stages probe idle load reset suspend resume removal
}
