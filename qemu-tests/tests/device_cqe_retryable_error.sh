# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC2154
DESCRIPTION="a command fails in a way that may be retried, at each stage: it is"
PROFILE=faults
COVERS="C11"
WHEN=all
TIMEOUT=300

# shellcheck source=../guest/stages.sh
. /lib/stages.sh

FAULT=cqe-error
RESETS=0

run_test() {
	at_stages probe idle load reset suspend resume removal
}
